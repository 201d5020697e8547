"""Counts: the server's own where it counts, else by reading keys."""

from __future__ import annotations

from typing import Final

from grpc import StatusCode
from grpc.aio import AioRpcError

from store.datastore import messages
from store.datastore.encoding import Partition
from store.datastore.querying import fill_query, query_request, results
from store.datastore.rpc import Rpc
from store.plan import Plan

_ALIAS: Final = "count"


class Counter:
    """Counts matches, and remembers when a server (the Datastore emulator) has said that it cannot."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc
        self._server_counts = True

    async def count(self, plan: Plan, partition: Partition) -> int:
        """Return the number of matches. Raises grpc.aio.AioRpcError."""
        if self._server_counts:
            try:
                return await self._ask(plan, partition)
            except AioRpcError as error:
                if error.code() is not StatusCode.UNIMPLEMENTED:
                    raise
                self._server_counts = False
        return len(await results(self._rpc, query_request(plan, partition, keys_only=True), None))

    async def _ask(self, plan: Plan, partition: Partition) -> int:
        request = messages.RunAggregationQueryRequest()
        partition.address(request)
        partition.fill(request.partition_id)
        fill_query(request.aggregation_query.nested_query, plan, partition)
        request.aggregation_query.aggregations.add(alias=_ALIAS).count.SetInParent()
        response = await self._rpc.run_aggregation_query(request)
        (result,) = response.batch.aggregation_results
        return int(result.aggregate_properties[_ALIAS].integer_value)
