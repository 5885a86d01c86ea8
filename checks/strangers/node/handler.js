// A custom handler as Microsoft's documentation describes it, with nothing but Node's own library.
// https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers
const http = require("node:http");

const base64 = (text) => Buffer.from(text).toString("base64");

// What the host posts as {"Data": …, "Metadata": …}, by function name; the result is the body of the reply.
const invocations = {
  // Only called when host.json does not let requests through as they are.
  Hello: ({ Data: { req } }) => ({
    Outputs: { res: { statusCode: 200, headers: { "x-mode": "enveloped" }, body: greeting(req.Params.name) } },
  }),

  Order: ({ Data: { req } }) => {
    const { orderId } = req.Params;
    const message = JSON.stringify({ orderId, ...JSON.parse(req.Body) });
    return {
      Outputs: {
        res: {
          statusCode: 202,
          headers: { "content-type": "application/json", location: `/api/orders/${orderId}` },
          body: JSON.stringify({ orderId, state: "accepted" }),
        },
        // The host takes any string that looks like base64 for base64, so text goes there as base64.
        message: base64(message),
      },
      Logs: [`order ${orderId} accepted`],
    };
  },

  Work: ({ Data, Metadata }) => {
    const order = JSON.parse(JSON.parse(Data.order));
    if (order.item === "broken") throw new Error(`cannot make ${order.item}, attempt ${Metadata.DequeueCount}`);
    const receipt = `${order.quantity} x ${order.item}`;
    return {
      Outputs: {
        receipt: base64(receipt),
        paper: base64(`Receipt ${order.orderId}\n${receipt}\n`),
        document: { id: order.orderId, item: order.item, quantity: order.quantity },
      },
      Logs: [`made ${receipt}`],
    };
  },

  Changed: ({ Data }) => {
    const documents = JSON.parse(JSON.parse(Data.documents));
    return { Outputs: { changes: documents.map((document) => `${document.id}: ${document.item}`) } };
  },

  Copy: ({ Data, Metadata }) => {
    const text = Buffer.from(Data.content, "base64").toString();
    return { Outputs: { copy: base64(text.toUpperCase()) }, Logs: [`copied ${JSON.parse(Metadata.name)}`] };
  },

  Uploaded: ({ Data: { event } }) => ({
    Outputs: { seen: base64(`${event.eventType} ${event.subject} ${event.data.contentLength}`) },
  }),

  Tick: ({ Data: { timer } }) => ({ Outputs: { tick: base64(`past due: ${timer.IsPastDue}`) } }),
};

const greeting = (name) => `Hello, ${name ?? "stranger"}, from Node`;

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// Requests that come as the client sent them.
async function direct(request, response, url) {
  if (url.pathname === "/api/crash") process.exit(7);
  const name = decodeURIComponent(url.pathname.slice("/api/hello".length + 1)) || undefined;
  const body = await bodyOf(request);
  const headers = {
    "content-type": request.headers["content-type"] ?? "text/plain",
    "x-mode": "proxied",
    "x-pid": process.pid,
    "x-target": request.url,
    "x-saw-invocation": request.headers["x-azure-functions-invocationid"] ?? "",
  };
  response.writeHead(Number(url.searchParams.get("status") ?? 200), headers);
  response.end(body.length > 0 ? body : greeting(name));
}

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  try {
    if (url.pathname.startsWith("/api/")) return await direct(request, response, url);
    const run = request.method === "POST" && invocations[url.pathname.slice(1)];
    if (!run) return response.writeHead(404).end();
    const reply = JSON.stringify(run(JSON.parse(await bodyOf(request))));
    response.writeHead(200, { "content-type": "application/json" }).end(reply);
  } catch (error) {
    console.error(error.message);
    response.writeHead(500).end();
  }
});

server.listen(process.env.FUNCTIONS_CUSTOMHANDLER_PORT, "127.0.0.1", () => console.log("listening"));
