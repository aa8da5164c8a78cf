/** Replaces `$(NAME)` as Kubernetes does: unknown names stay as they are, `$$` is a plain `$`. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (all, name: string | undefined) => {
    if (name === undefined) return '$'
    return lookup(name) ?? all
  })
}
