// Audits the server at the URL given: prints one JSON object a line, {id, name, status, reason}.
import { auditServer } from "graphql-http";

for (const result of await auditServer({ url: process.argv[2] })) {
  const { id, name, status } = result;
  console.log(JSON.stringify({ id, name, status, reason: "reason" in result ? result.reason : null }));
}
