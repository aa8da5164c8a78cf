#!/bin/sh
# What argoproj/argosay does, in POSIX sh.
set -eu

argosay() {
  if [ $# -eq 0 ]; then
    echo "hello argo"
    return
  fi
  verb=$1
  shift
  case $verb in
    assert_contains)
      grep -qF -e "$2" "$1" || {
        echo "$1 does not contain \"$2\"" >&2
        exit 1
      }
      ;;
    cat) cat "$@" ;;
    echo)
      if [ $# -ge 2 ]; then
        case ${2%/*} in '' | "$2") ;; *) mkdir -p "${2%/*}" ;; esac
        printf '%s\n' "$1" >"$2"
      else
        printf '%s\n' "${1-}"
      fi
      ;;
    exit) exit "${1:-0}" ;;
    sleep) exec sleep "$1" ;;
    sh) exec sh "$@" ;;
    *)
      echo "argosay: unknown command $verb (assert_contains, cat, echo, exit, sleep, sh)" >&2
      exit 64
      ;;
  esac
}

argosay "$@"
