import { yaml } from '@codemirror/lang-yaml'
import { setDiagnostics } from '@codemirror/lint'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useRef } from 'react'
import type { TextProblem } from '../state/yaml-problems.ts'

export interface YamlEditorProps {
  readonly initial: string
  readonly problems: readonly TextProblem[]
  readonly change: (text: string) => void
}

/** Text with line numbers, folding and marks where something is wrong. Escape, then Tab, leaves it. */
export function YamlEditor({ initial, problems, change }: YamlEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another initial text is another editor
  useEffect(() => {
    if (!place.current) return
    const tell = EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) change(state.doc.toString())
    })
    const named = EditorView.contentAttributes.of({ 'aria-label': 'YAML', tabindex: '0' })
    const editor = new EditorView({
      doc: initial,
      extensions: [basicSetup, yaml(), tell, named],
      parent: place.current,
    })
    view.current = editor
    return () => editor.destroy()
  }, [initial])
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const { length } = editor.state.doc
    const marks = problems.map(({ from, to, message }) => ({
      from: Math.min(from, length),
      to: Math.min(to, length),
      message,
      severity: 'error' as const,
    }))
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [problems])
  return <div className="editor" ref={place} />
}
