"""The protobuf messages behind google-cloud-datastore's types.

Its proto-plus wrappers cost about 0.3 ms a call; the messages that they wrap are public through `pb()`.
"""

from __future__ import annotations

from typing import Any, Final

from google.cloud.datastore_v1 import types

BeginTransactionRequest: Final[Any] = types.BeginTransactionRequest.pb()
BeginTransactionResponse: Final[Any] = types.BeginTransactionResponse.pb()
CompositeFilter: Final[Any] = types.CompositeFilter.pb()
CommitRequest: Final[Any] = types.CommitRequest.pb()
CommitResponse: Final[Any] = types.CommitResponse.pb()
Entity: Final[Any] = types.Entity.pb()
Key: Final[Any] = types.Key.pb()
LookupRequest: Final[Any] = types.LookupRequest.pb()
LookupResponse: Final[Any] = types.LookupResponse.pb()
PropertyFilter: Final[Any] = types.PropertyFilter.pb()
PropertyOrder: Final[Any] = types.PropertyOrder.pb()
Query: Final[Any] = types.Query.pb()
QueryResultBatch: Final[Any] = types.QueryResultBatch.pb()
RollbackRequest: Final[Any] = types.RollbackRequest.pb()
RollbackResponse: Final[Any] = types.RollbackResponse.pb()
RunAggregationQueryRequest: Final[Any] = types.RunAggregationQueryRequest.pb()
RunAggregationQueryResponse: Final[Any] = types.RunAggregationQueryResponse.pb()
RunQueryRequest: Final[Any] = types.RunQueryRequest.pb()
RunQueryResponse: Final[Any] = types.RunQueryResponse.pb()
