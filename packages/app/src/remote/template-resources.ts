import { resources } from '@argosy/kube'

/** Where the kinds are that workflows come from. */
export const templateResources = {
  WorkflowTemplate: resources.workflowTemplates,
  ClusterWorkflowTemplate: resources.clusterWorkflowTemplates,
  CronWorkflow: resources.cronWorkflows,
} as const
