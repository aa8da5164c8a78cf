"""What the examples of Python's client do, against the server that KUBECONFIG names. One line per step."""

import sys
import threading
import time
import uuid

from kubernetes import client, config, dynamic, utils, watch
from kubernetes.leaderelection import electionconfig, leaderelection
from kubernetes.leaderelection.resourcelock.configmaplock import ConfigMapLock
from kubernetes.stream import portforward, stream

config.load_kube_config()
core, apps, batch = client.CoreV1Api(), client.AppsV1Api(), client.BatchV1Api()
place = "python"
failed = []


def step(name):
    def run(body):
        try:
            print("ok", name, body(), flush=True)
        except Exception as error:  # The next steps are worth knowing too.
            failed.append(name)
            print("FAIL", name, type(error).__name__, str(error)[:500], flush=True)

    return run


def until(test):
    for _ in range(300):
        got = test()
        if got:
            return got
        time.sleep(0.1)
    raise RuntimeError("never came true")


def pod(name, *command):
    container = {"name": "c", "image": "busybox", "command": list(command)}
    spec = {"containers": [container]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}


@step("version and discovery")
def _():
    groups = [one.name for one in client.ApisApi().get_api_versions().groups]
    return client.VersionApi().get_code().git_version, "argoproj.io" in groups


@step("namespace")
def _():
    wanted = client.V1Namespace(metadata=client.V1ObjectMeta(name=place))
    return core.create_namespace(wanted).metadata.name


@step("deployment, patched and scaled")
def _():
    container = client.V1Container(name="c", image="busybox", args=["sleep", "600"])
    template = client.V1PodTemplateSpec(
        metadata=client.V1ObjectMeta(labels={"app": "d"}), spec=client.V1PodSpec(containers=[container])
    )
    spec = client.V1DeploymentSpec(replicas=1, template=template, selector={"matchLabels": {"app": "d"}})
    wanted = client.V1Deployment(metadata=client.V1ObjectMeta(name="d"), spec=spec)
    apps.create_namespaced_deployment(place, wanted)
    # What was sent, not what came back: that has a version, and the controller may have been quicker.
    wanted.spec.template.spec.containers[0].image = "busybox:1.36"
    apps.patch_namespaced_deployment("d", place, wanted)
    apps.patch_namespaced_deployment_scale("d", place, {"spec": {"replicas": 2}})
    until(lambda: apps.read_namespaced_deployment_status("d", place).status.available_replicas == 2)
    return 2


@step("watch of a pod until it runs")
def _():
    core.create_namespaced_pod(place, pod("p", "sh", "-c", "while true; do echo tick; sleep 0.2; done"))
    heard = watch.Watch()
    for event in heard.stream(core.list_namespaced_pod, place, field_selector="metadata.name=p", timeout_seconds=60):
        if event["object"].status.phase == "Running":
            heard.stop()
    return core.read_namespaced_pod("p", place).status.phase


@step("exec")
def _():
    said = stream(
        core.connect_get_namespaced_pod_exec, "p", place, command=["sh", "-c", "echo hi"], stdout=True, stderr=True
    )
    shell = stream(
        core.connect_get_namespaced_pod_exec, "p", place, command=["sh"], stdin=True, stdout=True, _preload_content=False
    )
    shell.write_stdin("echo through; exit 3\n")
    shell.run_forever(timeout=20)
    return said.strip(), shell.read_stdout().strip(), shell.returncode


@step("log, and log as it grows")
def _():
    heard, lines = watch.Watch(), []
    for line in heard.stream(core.read_namespaced_pod_log, name="p", namespace=place):
        lines.append(line)
        if len(lines) == 3:
            heard.stop()
    return core.read_namespaced_pod_log("p", place, tail_lines=1).strip(), lines


@step("port-forward")
def _():
    program = (
        "import http.server as h; "
        "h.HTTPServer(('0.0.0.0', 18473), h.SimpleHTTPRequestHandler).serve_forever()"
    )
    core.create_namespaced_pod(place, pod("web", "python3", "-c", program))
    until(lambda: core.read_namespaced_pod("web", place).status.phase == "Running")

    def asked():
        forward = portforward(core.connect_get_namespaced_pod_portforward, "web", place, ports="18473")
        socket = forward.socket(18473)
        socket.setblocking(True)
        try:
            socket.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return socket.recv(15)
        except OSError:  # Nobody listens yet.
            return None

    return until(asked)[:8].decode()


@step("objects from dictionaries")
def _():
    wanted = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "u", "namespace": place}, "data": {"a": "1"}}
    utils.create_from_dict(client.ApiClient(), wanted)
    return core.read_namespaced_config_map("u", place).data


@step("a workflow through the dynamic client")
def _():
    workflows = dynamic.DynamicClient(client.ApiClient()).resources.get(
        api_version="argoproj.io/v1alpha1", kind="Workflow"
    )
    template = {"name": "main", "container": {"image": "busybox", "command": ["true"]}}
    wanted = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"name": "w"},
        "spec": {"entrypoint": "main", "templates": [template]},
    }
    workflows.create(namespace=place, body=wanted)
    for event in workflows.watch(namespace=place, timeout=60):
        status = event["object"].status
        if status and status.phase in ("Succeeded", "Failed", "Error"):
            return status.phase


@step("server-side apply")
def _():
    maps = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")
    wanted = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ssa"}, "data": {"a": "1"}}
    maps.server_side_apply(namespace=place, name="ssa", body=wanted, field_manager="test")
    return maps.get(namespace=place, name="ssa").data.to_dict()


@step("custom objects")
def _():
    custom = client.CustomObjectsApi()
    kind = ("argoproj.io", "v1alpha1", place, "workflows")
    labels = custom.patch_namespaced_custom_object(*kind, "w", {"metadata": {"labels": {"x": "y"}}})
    return labels["metadata"]["labels"]["x"], len(custom.list_namespaced_custom_object(*kind)["items"])


@step("a definition of one's own")
def _():
    definitions = client.ApiextensionsV1Api()
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    names = {"plural": "foos", "singular": "foo", "kind": "Foo", "listKind": "FooList"}
    versions = [{"name": "v1", "served": True, "storage": True, "schema": schema}]
    definitions.create_custom_resource_definition(
        {
            "metadata": {"name": "foos.python.example"},
            "spec": {"group": "python.example", "scope": "Namespaced", "names": names, "versions": versions},
        }
    )
    definitions.delete_custom_resource_definition("foos.python.example")


@step("job")
def _():
    container = client.V1Container(name="pi", image="busybox", command=["echo", "3.14"])
    template = client.V1PodTemplateSpec(spec=client.V1PodSpec(restart_policy="Never", containers=[container]))
    wanted = client.V1Job(metadata=client.V1ObjectMeta(name="pi"), spec=client.V1JobSpec(template=template))
    batch.create_namespaced_job(place, wanted)
    until(lambda: batch.read_namespaced_job_status("pi", place).status.succeeded)
    batch.delete_namespaced_job("pi", place, body=client.V1DeleteOptions(propagation_policy="Foreground"))


@step("events of both groups")
def _():
    old = core.list_namespaced_event(place).items
    # The client's own class refuses events of the older kind, which have no eventTime: the text will do.
    new = client.EventsV1Api().list_namespaced_event(place, _preload_content=False)
    return len(old) > 0 and b'"note":' in new.data


@step("leader election")
def _():
    led = threading.Event()
    election = electionconfig.Config(
        ConfigMapLock("lead", place, str(uuid.uuid4())),
        lease_duration=17,
        renew_deadline=15,
        retry_period=1,
        onstarted_leading=led.set,
        onstopped_leading=lambda: None,
    )
    threading.Thread(target=leaderelection.LeaderElection(election).run, daemon=True).start()
    return led.wait(20)


@step("reviews and tokens")
def _():
    asked = client.V1ResourceAttributes(verb="get", resource="pods")
    review = client.V1SelfSubjectAccessReview(spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=asked))
    allowed = client.AuthorizationV1Api().create_self_subject_access_review(review).status.allowed
    token = core.create_namespaced_service_account_token("default", place, {"spec": {}}).status.token
    return allowed, token[:2]


@step("what is no longer wanted")
def _():
    core.delete_namespaced_pod("p", place, grace_period_seconds=0)
    core.delete_collection_namespaced_config_map(place)
    core.delete_namespace(place)

    def gone():
        return all(one.metadata.name != place for one in core.list_namespace().items)

    return until(gone)


sys.exit(1 if failed else 0)
