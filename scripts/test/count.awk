# Reads what test runners printed; prints how many tests passed and how many failed.

# cargo test:    test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
/^test result: / {
  for (i = 2; i <= NF; i++) {
    if ($i == "passed;") passed += $(i - 1)
    if ($i == "failed;") failed += $(i - 1)
  }
}

# cargo nextest:   Summary [   0.014s] 6 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 1 exec failed, 2 skipped
/^ *Summary \[/ {
  sub(/.*run: /, "")
  count = split($0, parts, ", ")
  for (i = 1; i <= count; i++) {
    split(parts[i], words, " ")
    if (words[2] == "passed") passed += words[1]
    if (words[2] ~ /^(failed|timed|exec)$/) failed += words[1]
  }
}

# node --test:   ℹ pass 3     (and fail, cancelled)
NF == 3 && /^(ℹ|#) / {
  if ($2 == "pass") passed += $3
  if ($2 == "fail" || $2 == "cancelled") failed += $3
}

END { print passed + 0, failed + 0 }
