package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcore "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	newevents "k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/util/retry"
)

var failed = false

func step(name string, f func() (any, error)) {
	got, err := f()
	if err != nil {
		failed = true
		fmt.Println("FAIL", name, err)
		return
	}
	fmt.Println("ok", name, got)
}

func until(f func() bool) error {
	for i := 0; i < 150; i++ {
		if f() {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("never came true")
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		panic(err)
	}
	config.QPS, config.Burst = 200, 200
	client := kubernetes.NewForConfigOrDie(config)
	ns := "go"
	step("namespace", func() (any, error) {
		_, err := client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: ns}}, metav1.CreateOptions{})
		return "", err
	})
	step("informer", func() (any, error) {
		factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(ns))
		informer := factory.Core().V1().ConfigMaps()
		seen := make(chan string, 100)
		informer.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    func(o any) { seen <- "add " + o.(*corev1.ConfigMap).Name },
			UpdateFunc: func(_, o any) { seen <- "update " + o.(*corev1.ConfigMap).Name },
			DeleteFunc: func(o any) { seen <- "delete" },
		})
		factory.Start(ctx.Done())
		synced, stop := context.WithTimeout(ctx, 10*time.Second)
		defer stop()
		if !cache.WaitForCacheSync(synced.Done(), informer.Informer().HasSynced) {
			return nil, fmt.Errorf("never synced")
		}
		maps := client.CoreV1().ConfigMaps(ns)
		if _, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "i"}}, metav1.CreateOptions{}); err != nil {
			return nil, err
		}
		if err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
			one, err := maps.Get(ctx, "i", metav1.GetOptions{})
			if err != nil {
				return err
			}
			one.Data = map[string]string{"a": "1"}
			_, err = maps.Update(ctx, one, metav1.UpdateOptions{})
			return err
		}); err != nil {
			return nil, err
		}
		if err := maps.Delete(ctx, "i", metav1.DeleteOptions{}); err != nil {
			return nil, err
		}
		said := []string{}
		for {
			select {
			case one := <-seen:
				if one != "add kube-root-ca.crt" {
					said = append(said, one)
				}
				if one == "delete" {
					list, err := informer.Lister().List(labels.Everything())
					return fmt.Sprint(said, len(list)), err
				}
			case <-time.After(10 * time.Second):
				return nil, fmt.Errorf("heard only %v", said)
			}
		}
	})
	step("stale update is a conflict", func() (any, error) {
		maps := client.CoreV1().ConfigMaps(ns)
		one, err := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "stale"}}, metav1.CreateOptions{})
		if err != nil {
			return nil, err
		}
		fresh := one.DeepCopy()
		fresh.Data = map[string]string{"a": "1"}
		if _, err := maps.Update(ctx, fresh, metav1.UpdateOptions{}); err != nil {
			return nil, err
		}
		one.Data = map[string]string{"a": "2"}
		_, err = maps.Update(ctx, one, metav1.UpdateOptions{})
		return apierrors.IsConflict(err), nil
	})
	step("server-side apply", func() (any, error) {
		maps := client.CoreV1().ConfigMaps(ns)
		wanted := corev1ac.ConfigMap("ssa", ns).WithData(map[string]string{"a": "1"})
		if _, err := maps.Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: "one"}); err != nil {
			return nil, err
		}
		other := corev1ac.ConfigMap("ssa", ns).WithData(map[string]string{"a": "2"})
		_, err := maps.Apply(ctx, other, metav1.ApplyOptions{FieldManager: "two"})
		if !apierrors.IsConflict(err) {
			return nil, fmt.Errorf("no conflict: %v", err)
		}
		got, err := maps.Apply(ctx, other, metav1.ApplyOptions{FieldManager: "two", Force: true})
		if err != nil {
			return nil, err
		}
		extracted, err := corev1ac.ExtractConfigMap(got, "two")
		if err != nil {
			return nil, err
		}
		return extracted.Data, nil
	})
	step("leader election", func() (any, error) {
		lead := make(chan string, 2)
		elect := func(ctx context.Context, id string) {
			lock := &resourcelock.LeaseLock{LeaseMeta: metav1.ObjectMeta{Name: "lead", Namespace: ns}, Client: client.CoordinationV1(), LockConfig: resourcelock.ResourceLockConfig{Identity: id}}
			leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{Lock: lock, ReleaseOnCancel: true, LeaseDuration: 3 * time.Second, RenewDeadline: 2 * time.Second, RetryPeriod: 300 * time.Millisecond,
				Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) { lead <- id }, OnStoppedLeading: func() {}}})
		}
		first, stop := context.WithCancel(ctx)
		go elect(first, "first")
		if one := <-lead; one != "first" {
			return nil, fmt.Errorf("%s leads", one)
		}
		go elect(ctx, "second")
		time.Sleep(time.Second)
		stop()
		select {
		case one := <-lead:
			return one, nil
		case <-time.After(10 * time.Second):
			return nil, fmt.Errorf("nobody took over")
		}
	})
	step("events", func() (any, error) {
		broadcaster := record.NewBroadcaster()
		broadcaster.StartRecordingToSink(&typedcore.EventSinkImpl{Interface: client.CoreV1().Events(ns)})
		recorder := broadcaster.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "test"})
		about, err := client.CoreV1().ConfigMaps(ns).Get(ctx, "ssa", metav1.GetOptions{})
		if err != nil {
			return nil, err
		}
		for i := 0; i < 3; i++ {
			recorder.Event(about, "Normal", "Tried", "again")
		}
		return "counted", until(func() bool {
			list, err := client.CoreV1().Events(ns).List(ctx, metav1.ListOptions{FieldSelector: "reason=Tried"})
			return err == nil && len(list.Items) == 1 && list.Items[0].Count == 3
		})
	})
	step("events.k8s.io", func() (any, error) {
		sink := newevents.NewBroadcaster(&newevents.EventSinkImpl{Interface: client.EventsV1()})
		sink.StartRecordingToSink(ctx.Done())
		recorder := sink.NewRecorder(scheme.Scheme, "newer")
		about, err := client.CoreV1().ConfigMaps(ns).Get(ctx, "ssa", metav1.GetOptions{})
		if err != nil {
			return nil, err
		}
		recorder.Eventf(about, nil, "Normal", "Newer", "Trying", "tried %d", 1)
		var got *eventsv1.EventList
		err = until(func() bool {
			got, err = client.EventsV1().Events(ns).List(ctx, metav1.ListOptions{FieldSelector: "reason=Newer"})
			return err == nil && len(got.Items) == 1
		})
		if err != nil {
			return nil, err
		}
		old, err := client.CoreV1().Events(ns).List(ctx, metav1.ListOptions{FieldSelector: "reason=Newer"})
		if err != nil {
			return nil, err
		}
		return got.Items[0].Note + " " + old.Items[0].Message + " " + old.Items[0].InvolvedObject.Name, nil
	})
	step("pod, exec over SPDY and WebSocket", func() (any, error) {
		pods := client.CoreV1().Pods(ns)
		if _, err := pods.Create(ctx, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "busybox", Command: []string{"sleep", "600"}}}}}, metav1.CreateOptions{}); err != nil {
			return nil, err
		}
		if err := until(func() bool {
			one, err := pods.Get(ctx, "p", metav1.GetOptions{})
			return err == nil && one.Status.Phase == corev1.PodRunning
		}); err != nil {
			return nil, err
		}
		request := client.CoreV1().RESTClient().Post().Resource("pods").Name("p").Namespace(ns).SubResource("exec").VersionedParams(&corev1.PodExecOptions{Command: []string{"sh", "-c", "cat; exit 3"}, Stdin: true, Stdout: true, Stderr: true}, scheme.ParameterCodec)
		said := ""
		spdy, err := remotecommand.NewSPDYExecutor(config, "POST", request.URL())
		if err != nil {
			return nil, err
		}
		socket, err := remotecommand.NewWebSocketExecutor(config, "GET", request.URL().String())
		if err != nil {
			return nil, err
		}
		for _, exec := range []remotecommand.Executor{spdy, socket} {
			var out, errs bytes.Buffer
			err = exec.StreamWithContext(ctx, remotecommand.StreamOptions{Stdin: bytes.NewBufferString("through"), Stdout: &out, Stderr: &errs})
			said += out.String() + ": " + fmt.Sprint(err) + "; "
		}
		return said, nil
	})
	step("dynamic informer of Workflows", func() (any, error) {
		gvr := schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "workflows"}
		dyn := dynamic.NewForConfigOrDie(config)
		factory := dynamicinformer.NewFilteredDynamicSharedInformerFactory(dyn, 0, ns, nil)
		done := make(chan string, 10)
		informer := factory.ForResource(gvr).Informer()
		informer.AddEventHandler(cache.ResourceEventHandlerFuncs{UpdateFunc: func(_, o any) {
			phase, _, _ := unstructured.NestedString(o.(*unstructured.Unstructured).Object, "status", "phase")
			if phase == "Succeeded" || phase == "Failed" {
				done <- phase
			}
		}})
		factory.Start(ctx.Done())
		factory.WaitForCacheSync(ctx.Done())
		workflow := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": map[string]any{"name": "w"},
			"spec": map[string]any{"entrypoint": "m", "templates": []any{map[string]any{"name": "m", "container": map[string]any{"image": "busybox", "command": []any{"true"}}}}}}}
		if _, err := dyn.Resource(gvr).Namespace(ns).Create(ctx, workflow, metav1.CreateOptions{}); err != nil {
			return nil, err
		}
		select {
		case phase := <-done:
			return phase, nil
		case <-time.After(20 * time.Second):
			return nil, fmt.Errorf("never ended")
		}
	})
	step("metadata client", func() (any, error) {
		meta := metadata.NewForConfigOrDie(config)
		list, err := meta.Resource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Namespace(ns).List(ctx, metav1.ListOptions{})
		if err != nil {
			return nil, err
		}
		return len(list.Items), nil
	})
	step("delete the namespace", func() (any, error) {
		if err := client.CoreV1().Namespaces().Delete(ctx, ns, metav1.DeleteOptions{}); err != nil {
			return nil, err
		}
		return "", until(func() bool {
			_, err := client.CoreV1().Namespaces().Get(ctx, ns, metav1.GetOptions{})
			return apierrors.IsNotFound(err)
		})
	})
	if failed {
		os.Exit(1)
	}
}
