import { type Connection, connection } from '../http/connection.ts'
import { useSelected } from './observable.ts'

const roundOf = ({ round }: Connection) => round

/** Another number whenever the server is back: what broke off meanwhile is asked again. */
export function useReturns(): number {
  return useSelected(connection, roundOf)
}
