#!/bin/sh
# Checks a sealed journal of tejun with stock tools only: head, tail, jq and ssh-keygen.
#
#   sh verify.sh journal.jsonl allowed_signers alice@ops
#
# Ends with 0 when the last two lines are a seal and its final signature, and the signature is one of all bytes before its
# line, by a key that allowed_signers knows as that person's, for a run that was not a rehearsal.
set -eu
journal=$1 allowed=$2 person=$3
signature=$(mktemp)
trap 'rm -f "$signature"' EXIT

# A journal ends with a whole line.
[ -z "$(tail -c1 "$journal")" ]

last=$(tail -n1 "$journal")
printf '%s\n' "$last" | jq -r .sig > "$signature"
over=$(printf '%s\n' "$last" | jq .over)
# The certificate is over by the time somebody checks: what counts is the time of the run.
when=$(printf '%s\n' "$last" | jq -r '.at | gsub("\\.[0-9]+Z$"; "") | gsub("[-:T]"; "")')

# The last line follows from what it signs, and from nothing else; a part of it that differs was changed.
tail -n2 "$journal" | jq -es --argjson over "$over" --arg person "$person" '
  .[0] as $seal | .[1] as $last |
  $seal.type == "seal" and $last.type == "signature" and $last.final and $last.seq == $seal.seq + 1 and
  $last.at == $seal.at and $last.mono == $seal.mono and $last.by == $person and $last.ns == "journal@tejun"' > /dev/null
[ "$(head -c "$over" "$journal" | tail -n1)" = "$(tail -n2 "$journal" | head -n1)" ]

head -c "$over" "$journal" |
  TZ=UTC ssh-keygen -Y verify -f "$allowed" -I "$person" -n journal@tejun -Overify-time="$when" -s "$signature"
