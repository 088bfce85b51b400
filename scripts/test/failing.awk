# Reads what a test runner printed; prints a line for each test that failed: where it is, a tab, its name.

# cargo nextest, after its summary:   FAIL [   0.004s] (2/3) headhaul-app::it domain::status::a_name
/^ *Summary \[/ { summed_up = 1 }
summed_up && /^ *[A-Z][A-Z -]* (\+ [A-Z]+ )?\[ *[0-9.]+s\] / && $1 != "Summary" && $1 !~ /^(PASS|FLAKY|SLOW|SKIP|LEAK)$/ {
  print $(NF - 1) "\t" $NF
}

# cargo test, before each "test result": twice a line "failures:", first with what they printed, then with their names.
/^failures:$/ { listing = 1; count = 0 }
listing && /^    [^ ]/ { names[++count] = substr($0, 5) }
/^test result: / {
  for (i = 1; i <= count; i++) print "\t" names[i]
  listing = 0
  count = 0
}

# node --test, at its end:   test at end2end/tests/start.test.js:12:1
#                            ✖ a name (12.5ms)
at_node && /^✖ / {
  sub(/^✖ /, "")
  sub(/ \([0-9.]+ms\)$/, "")
  print at_node "\t" $0
}
{ at_node = "" }
/^test at / {
  at_node = $0
  sub(/^test at /, "", at_node)
  sub(/:[0-9]+:[0-9]+$/, "", at_node)
}
