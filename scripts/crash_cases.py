"""The cases of crash-matrix: commands that change an index. {index} is its place, {in} the folder of inputs."""

# How the indexes that cases start from are made of the base, which has labelled queries and no trained part.
STARTS = {
    "base": [],
    "generator": ["part set {index} generator {in}/generator-a"],
    "docids": ["part set {index} docids {in}/docids-a -q"],
    "encoder": ["part set {index} query-encoder {in}/encoder-a"],
    "queries": ["queries make {index} --query-generator sentences --keep 0 -q"],
    "following": ["sync {index} {in}/notes-a -q"],
    "aged": ["part set {index} docids {in}/docids-a -q", "add {index} {in}/more.jsonl -q",
             "delete {index} --ids {in}/gone.txt -q"],
    "living": ["add {index} {in}/more.jsonl -q", "delete {index} --ids {in}/gone.txt -q"],
}
INDEX = "index {in}/%s -o {index} --pseudo-queries 12 -q"
SHOW = "queries show {index} --query-generator sentences"
# name: what it starts from, the command, and what is asked besides the query
CASES = {
    "index": (None, INDEX % "corpus.jsonl" + " --generator none", None),
    "index-generator": (None, INDEX % "corpus.jsonl" + " --generator {in}/generator-a --train-steps 0", None),
    "index-force": ("base", INDEX % "other.jsonl" + " --generator none --force", None),
    "generator-set": ("base", "part set {index} generator {in}/generator-a", None),
    "generator-replace": ("generator", "part set {index} generator {in}/generator-b", None),
    "generator-remove": ("generator", "part remove {index} generator", None),
    "generator-tune": ("generator", "part estimate {index} key-constants --count 6 -q", None),
    "generator-weights": ("generator", "part estimate {index} fusion --count 6 -q", None),
    "docid-set": ("base", "part set {index} docids {in}/docids-a -q", None),
    "docid-replace": ("docids", "part set {index} docids {in}/docids-b -q", None),
    "docid-remove": ("docids", "part remove {index} docids", None),
    "docid-tune": ("docids", "part estimate {index} look-ahead --count 6 -q", None),
    "docid-weights": ("docids", "part estimate {index} fusion --queries labelled --count 6 -q", None),
    "dense-set": ("base", "part set {index} query-encoder {in}/encoder-a", None),
    "dense-replace": ("encoder", "part set {index} query-encoder {in}/encoder-b", None),
    "dense-remove": ("encoder", "part remove {index} query-encoder", None),
    "queries-make": ("base", "queries make {index} --query-generator sentences --keep 0 -q", SHOW),
    "queries-replace": ("queries", "queries make {index} --query-generator sentences --keep 0 --per-passage 1 -q", SHOW),
    "add": ("base", "add {index} {in}/more.jsonl -q", None),
    "update": ("base", "update {index} {in}/changed.jsonl -q", None),
    "delete": ("base", "delete {index} --ids {in}/gone.txt -q", None),
    "delete-more": ("living", "delete {index} --ids {in}/more-gone.txt -q", None),
    "sync": ("following", "sync {index} {in}/notes-b -q", None),
    "sync-first": ("base", "sync {index} {in}/notes-a -q", None),
    "sync-new": (None, "sync {index} {in}/notes-a --generator none --pseudo-queries 12 -q", None),
    "merge": (None, "merge {in}/part-a {in}/part-b -o {index} --prefer last -q", None),
    "refresh": ("aged", "refresh {index} --queries 6 -q", None),
    "refresh-steps": ("aged", "refresh {index} --queries 6 --steps 1 -q", None),
    "compact": ("living", "compact {index} --all -q", None),
}
