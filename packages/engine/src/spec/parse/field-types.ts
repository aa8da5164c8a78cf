/** Field → type: a scalar type, the name of a shape, `[]T` for a list, `{}T` for a map. */
export type Shape = Readonly<Record<string, string>>
