import type { NodeStatus } from '@argosy/engine'
import { useDeferredValue, useMemo, useState } from 'react'
import { nodePhase, type Phase, phases, urgency } from '../../format/phase.ts'
import { exactTime, lasted } from '../../format/time.ts'
import type { Nodes } from '../../graph/owners.ts'
import { Choice } from '../../parts/choice.tsx'
import { PhaseMark } from '../../parts/phase-mark.tsx'
import { SearchField } from '../../parts/search-field.tsx'
import { VirtualTable } from '../../parts/virtual-table.tsx'
import type { RunViewProps } from './run-view.ts'

const rowHeight = 30

const phaseChoices = [['', 'every phase'], ...phases.map((one) => [one, one] as const)] as const

/** Every node as text that can be searched, failed ones first. */
export function NodesTable({ nodes, selected, select, now }: RunViewProps) {
  const [text, setText] = useState('')
  const [phase, setPhase] = useState<Phase | ''>('')
  const wanted = useDeferredValue(text)
  const shown = useMemo(() => filterNodes(nodes, wanted, phase), [nodes, wanted, phase])
  return (
    <div className="page">
      <search className="bar">
        <SearchField
          label="Search steps"
          placeholder="Name, template, message"
          value={text}
          change={setText}
        />
        <Choice label="Phase" value={phase} options={phaseChoices} choose={setPhase} />
        <span className="quiet" role="status">
          {shown.length.toLocaleString('en')} steps
        </span>
      </search>
      <VirtualTable
        label="Steps"
        look="nodes"
        items={shown}
        rowHeight={rowHeight}
        keyOf={({ id }) => id}
        head={<Head />}
        isChosen={({ id }) => id === selected}
      >
        {(node, reachable) => (
          <Cells
            node={node}
            reachable={reachable}
            chosen={node.id === selected}
            select={select}
            now={now}
          />
        )}
      </VirtualTable>
    </div>
  )
}

function Head() {
  return (
    <>
      <th className="phase-column">Phase</th>
      <th>Name</th>
      <th className="type-column">Type</th>
      <th className="template-column">Template</th>
      <th className="number">Duration</th>
      <th className="message-column">Message</th>
    </>
  )
}

interface CellsProps extends Pick<RunViewProps, 'select' | 'now'> {
  readonly node: NodeStatus
  readonly chosen: boolean
  readonly reachable: boolean
}

function Cells({ node, chosen, reachable, select, now }: CellsProps) {
  return (
    <>
      <td className="phase-column">
        <PhaseMark phase={nodePhase(node)} />
      </td>
      <td title={node.name}>
        <button
          type="button"
          className="as-link"
          tabIndex={reachable ? 0 : -1}
          aria-pressed={chosen}
          onClick={() => select(node.id)}
        >
          {node.displayName || node.name}
        </button>
      </td>
      <td className="quiet">{node.type}</td>
      <td className="quiet">{node.templateRef?.template ?? node.templateName}</td>
      <td className="number" title={exactTime(node.startedAt)}>
        {lasted(node.startedAt, node.finishedAt, now)}
      </td>
      <td className="quiet" title={node.message}>
        {node.message}
      </td>
    </>
  )
}

/** Those with the text in what they say of themselves; the urgent first, then in the order of their start. */
function filterNodes(nodes: Nodes, text: string, phase: Phase | ''): readonly NodeStatus[] {
  const word = text.trim().toLowerCase()
  const fits = (node: NodeStatus) =>
    (phase === '' || nodePhase(node) === phase) &&
    [node.name, node.displayName, node.templateName, node.message, node.id].some((one) =>
      one?.toLowerCase().includes(word),
    )
  return Object.values(nodes)
    .filter(fits)
    .sort(
      (a, b) =>
        urgency[nodePhase(a)] - urgency[nodePhase(b)] ||
        (a.startedAt ?? '').localeCompare(b.startedAt ?? ''),
    )
}
