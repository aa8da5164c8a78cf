/** Of a folder's files only those that can hold something of Argo's are read closely: the rest may be anything. */
export function mentionsArgo(text: string): boolean {
  return /argoproj\.io|kind["']?:\s*["']?(Cluster|Cron)?Workflow/.test(text)
}
