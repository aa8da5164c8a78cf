import { Component, type ReactNode } from 'react'
import { Blank } from './blank.tsx'

interface GuardProps {
  readonly children: ReactNode
}

/** A page that breaks takes nothing else with it, and says what broke. React knows this only as a class. */
export class Guard extends Component<GuardProps, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {}

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <Blank alone title="This page broke">
        <p>{error.message}</p>
        <p>Other pages work. If loading it again does not help, this is worth a report.</p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load it again
        </button>
      </Blank>
    )
  }
}
