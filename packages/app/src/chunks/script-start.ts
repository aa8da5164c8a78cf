/**
 * What every script of a chunk begins with: a function of what it needs, which answers with what the chunk gives away. Some
 * libraries are CommonJS, and know those names.
 */
export const scriptStart =
  '(function(argosyChunk,argosyLater,require,argosyUrl,__filename,__dirname){"use strict";'
