import { useMemo } from 'react'
import { stringify } from 'yaml'
import { Icon } from './icon.tsx'
import { ScrollText } from './scroll-text.tsx'
import { tell } from './toasts.tsx'

interface YamlBlockProps {
  readonly title: string
  readonly value: unknown
}

/** An object as YAML, to read and to copy. */
export function YamlBlock({ title, value }: YamlBlockProps) {
  const text = useMemo(() => toYaml(value), [value])
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => tell('good', 'Copied'),
      () => tell('bad', 'The browser does not allow copying here: select the text instead'),
    )
  return (
    <section className="stack tight">
      <div className="row">
        <h3 className="grow">{title}</h3>
        <button type="button" className="button" data-look="bare" onClick={copy}>
          <Icon name="copy" />
          Copy
        </button>
      </div>
      <ScrollText look="code" label={title}>
        {text}
      </ScrollText>
    </section>
  )
}

/** Kubernetes' own notes about who wrote what are noise here. */
function toYaml(value: unknown): string {
  return stringify(JSON.parse(JSON.stringify(value, withoutManagedFields)), { lineWidth: 0 })
}

function withoutManagedFields(key: string, value: unknown): unknown {
  return key === 'managedFields' ? undefined : value
}
