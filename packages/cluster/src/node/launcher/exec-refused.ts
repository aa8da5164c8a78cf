/** A program cannot be started in a container; the message says why, in words for a user. */
export class ExecRefused extends Error {}
