/** Stands for an argument that refers to an output which does not exist: it counts as not given. */
export const absentOptional = '__argo-internal.absent-optional-output__'
