/**
 * What of Kubernetes' types is not owned as it looks (its `+listType`, `+mapType`, `+structType`): `!` marks what is owned
 * as a whole, `ports=containerPort,protocol` a list whose items are told apart by these keys, `finalizers=*` a set.
 */
export const listTypes = `
admissionregistration/v1.MatchResources !
admissionregistration/v1.MutatingWebhook matchConditions=name
admissionregistration/v1.MutatingWebhookConfiguration webhooks=name
admissionregistration/v1.NamedRuleWithOperations !
admissionregistration/v1.ParamKind !
admissionregistration/v1.ParamRef !
admissionregistration/v1.ValidatingAdmissionPolicyBindingSpec validationActions=*
admissionregistration/v1.ValidatingAdmissionPolicySpec matchConditions=name variables=name
admissionregistration/v1.ValidatingAdmissionPolicyStatus conditions=type
admissionregistration/v1.ValidatingWebhook matchConditions=name
admissionregistration/v1.ValidatingWebhookConfiguration webhooks=name
admissionregistration/v1.Variable !
apps/v1.DaemonSetStatus conditions=type
apps/v1.DeploymentStatus conditions=type
apps/v1.ReplicaSetStatus conditions=type
apps/v1.StatefulSetStatus conditions=type
autoscaling/v1.CrossVersionObjectReference !
autoscaling/v2.HorizontalPodAutoscalerStatus conditions=type
batch/v1.PodFailurePolicyOnExitCodesRequirement values=*
batch/v1.UncountedTerminatedPods failed=* succeeded=*
certificates/v1.CertificateSigningRequestStatus conditions=type
core/v1.ComponentStatus conditions=type
core/v1.ConfigMapKeySelector !
core/v1.Container env=name ports=containerPort,protocol volumeDevices=devicePath volumeMounts=mountPath
core/v1.ContainerRestartRuleOnExitCodes values=*
core/v1.ContainerStatus allocatedResourcesStatus=name volumeMounts=mountPath
core/v1.EndpointAddress !
core/v1.EndpointPort !
core/v1.EphemeralContainer env=name ports=containerPort,protocol volumeDevices=devicePath volumeMounts=mountPath
core/v1.FileKeySelector !
core/v1.LocalObjectReference !
core/v1.NamespaceStatus conditions=type
core/v1.NodeSelector !
core/v1.NodeSelectorTerm !
core/v1.NodeSpec podCIDRs=*
core/v1.NodeStatus addresses=type conditions=type
core/v1.ObjectFieldSelector !
core/v1.ObjectReference !
core/v1.PersistentVolumeClaimStatus conditions=type
core/v1.PodSpec containers=name ephemeralContainers=name hostAliases=ip imagePullSecrets=name initContainers=name nodeSelector=! resourceClaims=name schedulingGates=name topologySpreadConstraints=topologyKey,whenUnsatisfiable volumes=name
core/v1.PodStatus conditions=type podIPs=ip resourceClaimStatuses=name
core/v1.ReplicationControllerSpec selector=!
core/v1.ReplicationControllerStatus conditions=type
core/v1.ResourceFieldSelector !
core/v1.ResourceRequirements claims=name
core/v1.ResourceStatus resources=resourceID
core/v1.ScopeSelector !
core/v1.SecretKeySelector !
core/v1.SecretReference !
core/v1.ServiceAccount secrets=name
core/v1.ServiceSpec ports=port,protocol selector=!
core/v1.ServiceStatus conditions=type
core/v1.TopologySelectorTerm !
core/v1.TypedLocalObjectReference !
discovery/v1.Endpoint addresses=*
discovery/v1.EndpointPort !
meta/v1.LabelSelector !
meta/v1.ObjectMeta finalizers=* ownerReferences=uid
meta/v1.OwnerReference !
networking/v1.ServiceBackendPort !
networking/v1.ServiceCIDRStatus conditions=type
node/v1.Scheduling nodeSelector=!
policy/v1.PodDisruptionBudgetStatus conditions=type
rbac/v1.RoleRef !
rbac/v1.Subject !
storage/v1.CSIDriverSpec volumeLifecycleModes=*
storage/v1.CSINodeSpec drivers=name
`

/** What a key counts as when an item does not have it. */
export const keyDefaults = { protocol: 'TCP' } as const
