/** A time.Month or time.Weekday: a number that shows as its name. */
export class GoEnum {
  readonly type: 'time.Month' | 'time.Weekday'
  readonly value: bigint
  readonly text: string
  constructor(type: 'time.Month' | 'time.Weekday', value: number, text: string) {
    this.type = type
    this.value = BigInt(value)
    this.text = text
  }
}
