const paths = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  turning: 'M8 2.5a5.5 5.5 0 1 1-5.2 3.7',
  skip: 'M4 4l4 4-4 4M9 4l4 4-4 4',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3',
  list: 'M3 4h10M3 8h10M3 12h10',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  globe: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c-4 4-4 8 0 12M8 2c4 4 4 8 0 12',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5',
  box: 'M2.5 4.5h11v8h-11zM2.5 4.5l1-2h9l1 2M6.5 7.5h3',
  plus: 'M8 3v10M3 8h10',
  person: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c.5-3 9.5-3 10 0',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1.5M8 13v1.5M1.5 8h1.5M13 8h1.5M3.5 3.5l1 1M11.5 11.5l1 1M12.5 3.5l-1 1M4.5 11.5l-1 1',
  retry: 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3',
  stop: 'M4 4h8v8H4z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3l8 5-8 5z',
  trash: 'M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9',
  warn: 'M8 2.5l6 11H2zM8 6.5v3M8 11.5h.01',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  down: 'M8 2.5v8M4.5 7.5L8 11l3.5-3.5M3 13.5h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  terminal: 'M2 3h12v10H2zM4.5 6.5l2 1.5-2 1.5M8 10.5h3',
  flow: 'M3 3.5h3v3H3zM10 2.5h3v3h-3zM10 10.5h3v3h-3zM6 5h2M8 5v7h2M8 5l2-1',
  bolt: 'M9 2L4 9h3.5L7 14l5-7H8.5z',
  eye: 'M1.5 8c3-5 10-5 13 0-3 5-10 5-13 0zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
  link: 'M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5L7.5 13A3 3 0 0 1 3 8.5L4.5 7',
  signal:
    'M8 9a1 1 0 1 0 0-2 1 1 0 0 0 0 2zM5 11a4.2 4.2 0 0 1 0-6M11 5a4.2 4.2 0 0 1 0 6M3 13a7 7 0 0 1 0-10M13 3a7 7 0 0 1 0 10',
  send: 'M2 8h11M9 4l4 4-4 4',
  layers: 'M8 2.5l6 3-6 3-6-3zM2 8.5l6 3 6-3M2 11.5l6 3 6-3',
} as const

export type IconName = keyof typeof paths

/** A line drawing beside words; it says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      className={`icon ${name}`}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  )
}
