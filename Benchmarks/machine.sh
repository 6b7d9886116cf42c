# What the figures were measured on, and what else runs there.
machine() {
  if command -v lscpu >/dev/null; then
    printf '%s, %s cores, %s GiB; ' \
      "$(lscpu | sed -n 's/^Model name: *//p' | head -n 1)" "$(nproc)" \
      "$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)"
  fi
  printf '%s %s; load %s\n' "$(uname -s)" "$(uname -r)" "$(uptime | sed 's/.*averages\{0,1\}: *//')"
}
