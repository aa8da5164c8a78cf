/** Whatever starts is ended with `open`, also when another of them does not start: then its error is thrown. */
export async function startAll(
  open: AsyncDisposableStack,
  starting: readonly Promise<AsyncDisposable>[],
): Promise<void> {
  const ends = await Promise.allSettled(starting)
  for (const end of ends) if (end.status === 'fulfilled') open.use(end.value)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
