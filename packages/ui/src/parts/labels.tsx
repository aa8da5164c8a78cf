/** `key=value`, each on a tag of its own. */
export function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const entries = Object.entries(labels)
  if (entries.length === 0) return <span className="quiet">none</span>
  return (
    <ul className="label-list">
      {entries.map(([key, value]) => (
        <li key={key} className="tag" title={`${key}=${value}`}>
          {key.replace(/^workflows\.argoproj\.io\//, '')}={value}
        </li>
      ))}
    </ul>
  )
}
