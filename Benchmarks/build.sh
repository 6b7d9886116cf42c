# Builds programs of Sources/ and prints the folder that they are in. They are targets of genret's own package that
# exist only where GENRET_BENCHMARKS is set, and have a build folder of their own: nobody else builds them.
programs() {
  local folder name
  folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
  local build=(env GENRET_BENCHMARKS=1 swift build -c release --package-path "$folder/.." --scratch-path "$folder/.build")
  for name in "$@"; do "${build[@]}" --product "$name" >&2 || return; done
  "${build[@]}" --show-bin-path
}
