/** Where upstream's controller lives, with its configuration and the caches of memoized outputs. */
export const controllerNamespace = 'argo'
