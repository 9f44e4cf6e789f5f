// A platform's life with a broker, told by the client for the Open Service Broker API in
// @ibm-cloud/platform-services. It prints one line for each answer.
const Client = require("@ibm-cloud/platform-services/open-service-broker/v1");
const { BasicAuthenticator } = require("@ibm-cloud/platform-services/auth");

const client = Client.newInstance({
  authenticator: new BasicAuthenticator({ username: process.env.UPDRAFT_BROKER_USER, password: process.env.UPDRAFT_BROKER_PASSWORD }),
  serviceUrl: process.env.BROKER,
});
const user = Buffer.from(JSON.stringify({ username: "ada" })).toString("base64");
const headers = { "X-Broker-API-Version": "2.17", "X-Broker-API-Originating-Identity": "cloudfoundry " + user };
const instanceId = "8f0a1c3e-52a1-4a7e-9d3c-0c7e9a5b1f20";
const bindingId = "b1d2e3f4-0000-4111-8222-333344445555";

// call prints the status of an answer, or the status and error of a refusal, and returns the result.
async function call(what, request) {
  try {
    const { status, result } = await request;
    console.log(what, status, Object.keys(result || {}).sort().join(","));
    return result;
  } catch (e) {
    console.log(what, e.status, (JSON.parse(e.body || "{}").error || "-"));
    return {};
  }
}

async function last(what, serviceId, planId, operation) {
  for (;;) {
    let state;
    try {
      state = (await client.getLastOperation({ instanceId, serviceId, planId, operation, headers })).result.state;
    } catch (e) {
      state = String(e.status);
    }
    if (state !== "in progress") {
      console.log(what, state);
      return;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

(async () => {
  const catalog = await call("catalog", client.listCatalog({ headers }));
  const service = catalog.services.find((s) => s.name === "sqs");
  const [plan, other] = service.plans;
  const order = { instanceId, serviceId: service.id, planId: plan.id, organizationGuid: "org", spaceGuid: "space", context: { platform: "cloudfoundry" }, headers };
  const binding = { instanceId, bindingId, serviceId: service.id, planId: plan.id, headers };
  const change = { instanceId, serviceId: service.id, previousValues: { plan_id: plan.id }, acceptsIncomplete: true, headers };
  const end = { instanceId, serviceId: service.id, planId: plan.id, acceptsIncomplete: true, headers };

  await call("old version", client.listCatalog({ headers: { "X-Broker-API-Version": "1.0" } }));
  await call("no async", client.replaceServiceInstance(order));
  await call("bad parameter", client.replaceServiceInstance({ ...order, acceptsIncomplete: true, parameters: { NoSuchThing: 1 } }));
  const made = await call("provision", client.replaceServiceInstance({ ...order, acceptsIncomplete: true }));
  await last("provisioned", service.id, plan.id, made.operation);
  await call("provision again", client.replaceServiceInstance({ ...order, acceptsIncomplete: true }));
  await call("provision otherwise", client.replaceServiceInstance({ ...order, planId: other.id, acceptsIncomplete: true }));
  await call("update of the plan", client.updateServiceInstance({ ...change, planId: other.id }));
  const changed = await call("update", client.updateServiceInstance({ ...change, parameters: { VisibilityTimeout: 60 } }));
  await last("updated", service.id, plan.id, changed.operation);
  const first = await call("bind", client.replaceServiceBinding(binding));
  const again = await call("bind again", client.replaceServiceBinding(binding));
  console.log("same credentials", JSON.stringify(first.credentials) === JSON.stringify(again.credentials), Object.keys(first.credentials || {}).includes("QUEUE_URL"));
  await call("unbind", client.deleteServiceBinding(binding));
  await call("unbind again", client.deleteServiceBinding(binding));
  const gone = await call("deprovision", client.deleteServiceInstance(end));
  await last("deprovisioned", service.id, plan.id, gone.operation);
  await call("deprovision again", client.deleteServiceInstance(end));
})();
