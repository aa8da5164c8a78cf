import io.fabric8.kubernetes.api.model.*;
import io.fabric8.kubernetes.api.model.coordination.v1.*;
import io.fabric8.kubernetes.client.*;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.base.*;
import io.fabric8.kubernetes.client.extended.leaderelection.*;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.*;
import java.io.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;

public class Client {
  interface Step { Object run() throws Exception; }
  static boolean failed = false;

  static void step(String name, Step step) {
    try {
      System.out.println("ok " + name + " " + step.run());
    } catch (Throwable e) {
      failed = true;
      System.out.println("FAIL " + name + " " + e);
      for (Throwable c = e.getCause(); c != null; c = c.getCause()) System.out.println("  by " + c);
    }
  }

  public static void main(String[] args) throws Exception {
    String ns = "java";
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      step("namespace", () -> client.resource(new NamespaceBuilder().withNewMetadata().withName(ns).endMetadata().build()).create().getMetadata().getName());
      step("watch", () -> {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (Watch watch = client.configMaps().inNamespace(ns).watch(new Watcher<ConfigMap>() {
          public void eventReceived(Action action, ConfigMap one) { if (one.getMetadata().getName().equals("w")) heard.add(action.name()); }
          public void onClose(WatcherException cause) { heard.add("closed " + cause); }
        })) {
          ConfigMap map = new ConfigMapBuilder().withNewMetadata().withName("w").withNamespace(ns).endMetadata().addToData("a", "1").build();
          client.resource(map).create();
          client.configMaps().inNamespace(ns).withName("w").edit(one -> new ConfigMapBuilder(one).addToData("a", "2").build());
          client.configMaps().inNamespace(ns).withName("w").delete();
          return heard.poll(20, TimeUnit.SECONDS) + " " + heard.poll(20, TimeUnit.SECONDS) + " " + heard.poll(20, TimeUnit.SECONDS);
        }
      });
      step("informer", () -> {
        CountDownLatch added = new CountDownLatch(1);
        SharedIndexInformer<ConfigMap> informer = client.configMaps().inNamespace(ns).withLabel("tier", "web").inform(new ResourceEventHandler<ConfigMap>() {
          public void onAdd(ConfigMap one) { added.countDown(); }
          public void onUpdate(ConfigMap old, ConfigMap one) {}
          public void onDelete(ConfigMap one, boolean unknown) {}
        });
        client.resource(new ConfigMapBuilder().withNewMetadata().withName("i").withNamespace(ns).addToLabels("tier", "web").endMetadata().build()).create();
        boolean heard = added.await(20, TimeUnit.SECONDS);
        informer.close();
        return heard;
      });
      step("server-side apply, forced, of a list as Spark does", () -> {
        ConfigMap map = new ConfigMapBuilder().withNewMetadata().withName("ssa").withNamespace(ns).endMetadata().addToData("a", "1").build();
        client.resourceList(map).forceConflicts().serverSideApply();
        client.resourceList(new ConfigMapBuilder(map).addToData("a", "2").build()).forceConflicts().serverSideApply();
        return client.configMaps().inNamespace(ns).withName("ssa").get().getData();
      });
      step("pod, log and exec", () -> {
        Pod pod = new PodBuilder().withNewMetadata().withName("p").withNamespace(ns).addToLabels("spark-role", "driver").endMetadata().withNewSpec()
            .addNewContainer().withName("c").withImage("busybox").withCommand("sh", "-c", "echo started; sleep 600").endContainer().endSpec().build();
        client.resource(pod).create();
        client.pods().inNamespace(ns).withName("p").waitUntilReady(30, TimeUnit.SECONDS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecWatch exec = client.pods().inNamespace(ns).withName("p").writingOutput(out).exec("sh", "-c", "echo hi; exit 3")) {
          int code = exec.exitCode().get(20, TimeUnit.SECONDS);
          return client.pods().inNamespace(ns).withName("p").getLog().trim() + " " + out.toString().trim() + " " + code;
        }
      });
      step("a watch of pods by labels, as Spark's", () -> {
        CountDownLatch gone = new CountDownLatch(1);
        try (Watch watch = client.pods().inNamespace(ns).withLabel("spark-role", "driver").withoutLabel("spark-exec-inactive", "true").watch(new Watcher<Pod>() {
          public void eventReceived(Action action, Pod one) { if (action == Action.DELETED) gone.countDown(); }
          public void onClose(WatcherException cause) {}
        })) {
          client.pods().inNamespace(ns).withName("p").withGracePeriod(0).delete();
          return gone.await(20, TimeUnit.SECONDS);
        }
      });
      step("generic resources", () -> {
        ResourceDefinitionContext context = new ResourceDefinitionContext.Builder().withGroup("argoproj.io").withVersion("v1alpha1").withKind("Workflow").withPlural("workflows").withNamespaced(true).build();
        GenericKubernetesResource made = client.genericKubernetesResources(context).inNamespace(ns).load(new ByteArrayInputStream(("apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: w}\nspec: {entrypoint: m, templates: [{name: m, container: {image: busybox, command: ['true']}}]}\n").getBytes())).create();
        GenericKubernetesResource done = client.genericKubernetesResources(context).inNamespace(ns).withName("w").waitUntilCondition(one -> one != null && "Succeeded".equals(one.get("status", "phase")), 60, TimeUnit.SECONDS);
        return (String) done.get("status", "phase");
      });
      step("leader election", () -> {
        CountDownLatch leads = new CountDownLatch(1);
        LeaderElector elector = client.leaderElector().withConfig(new LeaderElectionConfigBuilder().withName("e").withLeaseDuration(Duration.ofSeconds(5)).withRenewDeadline(Duration.ofSeconds(4)).withRetryPeriod(Duration.ofSeconds(1))
            .withLock(new LeaseLock(ns, "lead", "me")).withLeaderCallbacks(new LeaderCallbacks(leads::countDown, () -> {}, id -> {})).build()).build();
        CompletableFuture<?> running = elector.start();
        boolean won = leads.await(20, TimeUnit.SECONDS);
        running.cancel(true);
        return won;
      });
      step("delete the namespace", () -> {
        client.namespaces().withName(ns).delete();
        return client.namespaces().withName(ns).waitUntilCondition(Objects::isNull, 60, TimeUnit.SECONDS) == null;
      });
    }
    System.exit(failed ? 1 : 0);
  }
}
