/** Choices made elsewhere, one number each; when they run out every choice is the first. So shorter lists mean simpler cases. */
export class Dice {
  readonly #numbers: readonly number[]
  #at = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  below(count: number): number {
    const number = this.#numbers[this.#at++] ?? 0
    return count <= 1 ? 0 : number % count
  }

  /** Once in `times`. */
  once(times: number): boolean {
    return this.below(times) === times - 1
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }
}
