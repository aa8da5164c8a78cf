import type { YAMLParseError } from 'yaml'

/** What would have been right, for each way a YAML text can be wrong. */
export const expectedInstead: Readonly<Record<YAMLParseError['code'], string>> = {
  ALIAS_PROPS: 'an alias alone: no anchor or tag before it',
  BAD_ALIAS: 'the name of an anchor after *',
  BAD_COLLECTION_TYPE: 'a collection that fits its tag',
  BAD_DIRECTIVE: 'a %YAML or %TAG directive, or none',
  BAD_DQ_ESCAPE: 'an escape that YAML knows (write \\\\ for a backslash, or use single quotes)',
  BAD_INDENT: 'the same indentation as the lines that belong together',
  BAD_PROP_ORDER: 'anchor and tag before the value',
  BAD_SCALAR_START: 'quotes around a text that begins with @ or `',
  BLOCK_AS_IMPLICIT_KEY: 'a line break and more indentation before a nested mapping',
  BLOCK_IN_FLOW: 'only flow collections ({…}, […]) inside a flow collection',
  DUPLICATE_KEY: 'each key once',
  IMPOSSIBLE: 'something else here',
  KEY_OVER_1024_CHARS: 'a shorter key',
  MISSING_CHAR: 'the missing character (a closing quote or bracket, a comma, a space after ":")',
  MULTILINE_IMPLICIT_KEY: 'a key on one line, followed by ":"',
  MULTIPLE_ANCHORS: 'at most one anchor',
  MULTIPLE_DOCS: '--- between documents',
  MULTIPLE_TAGS: 'at most one tag',
  NON_STRING_KEY: 'a text as key',
  RESOURCE_EXHAUSTION: 'fewer levels of nesting',
  TAB_AS_INDENT: 'spaces instead of tabs for indentation',
  TAG_RESOLVE_FAILED: 'a tag that YAML knows, or none',
  UNEXPECTED_TOKEN: 'the end of the value, or a new line',
}
