const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ipv4 = `${octet}(?:\\.${octet}){3}`
const ipv6 =
  '(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4})|' +
  '(?:[0-9a-f]{1,4}:){1,5}(?::[0-9a-f]{1,4}){1,2}|(?:[0-9a-f]{1,4}:){1,4}(?::[0-9a-f]{1,4}){1,3}|' +
  '(?:[0-9a-f]{1,4}:){1,3}(?::[0-9a-f]{1,4}){1,4}|(?:[0-9a-f]{1,4}:){1,2}(?::[0-9a-f]{1,4}){1,5}|' +
  `[0-9a-f]{1,4}:(?::[0-9a-f]{1,4}){1,6}|:(?:(?::[0-9a-f]{1,4}){1,7}|:)|::(?:ffff:)?${ipv4})`
const hex = '[0-9a-f]'
const uuid = (version: string) =>
  new RegExp(`^${hex}{8}-?${hex}{4}-?${version}${hex}{3}-?${hex}{4}-?${hex}{12}$`, 'i')
const date = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])'
const unit =
  '(?:ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|' +
  'h|hr|hours?|d|days?|w|wk|weeks?)'

/** What a text of a format looks like. Formats that are not named here are not checked. */
export const formats: Readonly<Record<string, RegExp>> = {
  byte: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  cidr: new RegExp(`^(?:${ipv4}/(?:[12]?\\d|3[0-2])|${ipv6}/(?:\\d{1,2}|1[01]\\d|12[0-8]))$`, 'i'),
  date: new RegExp(`^${date}$`),
  'date-time': new RegExp(
    `^${date}[Tt](?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:[Zz]|[+-]\\d\\d:?\\d\\d)$`,
  ),
  duration: new RegExp(`^(?:-?(?:\\d+(?:\\.\\d+)?\\s*${unit}\\s*)+|0)$`),
  email: /^[^\s@<>"]+@[^\s@<>"]+$/,
  hexcolor: /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i,
  hostname:
    /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*(?:[a-z]{2,63}|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?<!\.[a-z0-9-]+))$/i,
  ipv4: new RegExp(`^${ipv4}$`),
  ipv6: new RegExp(`^${ipv6}$`, 'i'),
  mac: /^(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}$|^(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}$/i,
  uri: /^(?:[a-z][a-z0-9+.-]*:\S+|\/\S*)$/i,
  uuid: uuid(hex),
  uuid3: uuid('3'),
  uuid4: uuid('4'),
  uuid5: uuid('5'),
}
