#!/bin/sh
# Checks a sealed journal of tejun with stock tools only: head, tail, jq and ssh-keygen.
#
#   sh verify.sh journal.jsonl allowed_signers alice@ops
#
# Ends with 0 when the last two lines are a seal and its final signature, and the signature is one of all bytes before its
# line, by the key that the journal names and that person vouched for in this run, which was not a rehearsal.
#
# It needs no chain of hashes: the signature covers every byte before its own line, and what stands in that line is compared
# with what it follows from. Only `prev` of that line is not looked at. Of a run that several operators signed it asks for the
# last one, who vouches for all of it.
set -eu
journal=$1 allowed=$2 person=$3
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT

# A journal ends with a whole line.
[ -z "$(tail -c1 "$journal")" ]

last=$(tail -n1 "$journal")
printf '%s\n' "$last" | jq -j .sig > "$scratch/sig"
over=$(printf '%s\n' "$last" | jq -e '.over | select(type == "number" and . == floor)')
# The certificate is over by the time somebody checks: what counts is the time of the run.
when=$(printf '%s\n' "$last" | jq -r '.at | gsub("\\.[0-9]+Z$"; "") | gsub("[-:T]"; "")')

# The last line follows from what it signs, and from nothing else; a part of it that differs was changed. The signature has
# one form: lines of 70 characters, and no spare bits at the end. (To jq `^` and `$` are the ends of any line.)
tail -n2 "$journal" | jq -es --argjson over "$over" --arg person "$person" '
  .[0] as $seal | .[1] as $last |
  $seal.type == "seal" and $last.type == "signature" and $last.final == true and $last.seq == $seal.seq + 1 and
  $last.at == $seal.at and $last.mono == $seal.mono and $last.by == $person and $last.ns == "journal@tejun" and
  ($last | keys_unsorted) == ["seq", "at", "mono", "prev", "type", "over", "by", "ns", "final", "sig"] and
  ($last.sig | test("\\A-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/]{70}\n)*[A-Za-z0-9+/]{0,70}={0,2}\n?=?\n-----END SSH SIGNATURE-----\n\\z")) and
  ($last.sig | gsub("-----[A-Z ]+-----|\n"; "") | test("([^=]|[AEIMQUYcgkosw048]=|[AQgw]==)\\z"))' > /dev/null
# It is all that follows what it signs.
[ "$(tail -c +"$((over + 1))" "$journal")" = "$last" ]

# The key that the journal names for its last part was certified for this run.
run=$(head -n1 "$journal" | jq -er 'select(.rehearsal == false) | .run')
head -c "$over" "$journal" | jq -r 'select(.type == "signer") | .certificate' | tail -n1 > "$scratch/key-cert.pub"
certificate=$(ssh-keygen -L -f "$scratch/key-cert.pub")
case $certificate in *"Key ID: \"$run\""*) ;; *) exit 1 ;; esac

# Nothing is hidden in the signature's reserved field: beside the certificate there is room for what belongs there only.
jq -en --rawfile sig "$scratch/sig" --rawfile certificate "$scratch/key-cert.pub" '
  def bytes: gsub("\\s"; "") | length / 4 * 3 - (if endswith("==") then 2 elif endswith("=") then 1 else 0 end);
  ($sig | gsub("-----[A-Z ]+-----"; "") | bytes) == ($certificate | split(" ")[1] | bytes) + 132' > /dev/null

good=$(head -c "$over" "$journal" |
  TZ=UTC ssh-keygen -Y verify -f "$allowed" -I "$person" -n journal@tejun -Overify-time="$when" -s "$scratch/sig")
printf '%s\n' "$good"

# The key that signed is the one that the journal names.
case $certificate in *"Public key: ED25519-CERT ${good##* }"*) ;; *) exit 1 ;; esac
