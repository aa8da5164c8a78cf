/** Of all of Argo's metrics. */
export const prefix = 'argo_workflows_'
