import type { CommandWords, OptionWords, OptionValue } from "./completion-words.ts";

/**
 * A script for bash, 3.2 (macOS) and newer. It knows the words by itself; only ids of forces are
 * asked of the database, through `ukpolice completion forces`.
 */
export function writeBash(commands: readonly CommandWords[]): string {
  return `# Completion of ukpolice for bash. Use it with: eval "$(ukpolice completion bash)"
_ukpolice() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="" option="" db="" i word
  # --plan=tiles comes as three words.
  if [[ $cur == "=" ]]; then cur=""
  elif [[ $prev == "=" ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case $word in
      ${commands.map(({ name }) => name).join("|")}) [[ -z $command ]] && command=$word ;;
      -*) option=$word ;;
    esac
    [[ $option == --db && $word != -* && $word != "=" ]] && db=$word
  done
  case "$command $prev" in
${commands.flatMap(valueCases).join("\n")}
  esac
  case "$command $option" in
${commands.flatMap(manyCases).join("\n")}
  esac
  case $command in
${commands.map(commandCase).join("\n")}
    *) _ukpolice_words "$cur" "${commands.map(({ name }) => name).join(" ")} --help --version" ;;
  esac
}
_ukpolice_words() {
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$2" -- "$1"))
}
_ukpolice_files() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$1"))
  compopt -o filenames 2>/dev/null
}
_ukpolice_forces() {
  local ids
  ids=$("$2" completion forces \${3:+--db "$3"} 2>/dev/null) ||
    ids=$(npx --no-install ukpolice completion forces \${3:+--db "$3"} 2>/dev/null)
  _ukpolice_words "$1" "$ids"
}
complete -F _ukpolice ukpolice
`;
}

function valueCases({ name, options }: CommandWords): string[] {
  return options.flatMap(({ spellings, value }) => {
    const pattern = spellings.map((word) => `"${name} ${word}"`).join("|");
    const action = actionOf(value);
    return action === undefined ? [] : [`    ${pattern}) ${action}; return ;;`];
  });
}

function manyCases({ name, options }: CommandWords): string[] {
  return options
    .filter(({ many }) => many)
    .flatMap(({ spellings, value }) => {
      const pattern = spellings.map((word) => `"${name} ${word}"`).join("|");
      return `    ${pattern}) [[ $cur != -* ]] && { ${actionOf(value)}; return; } ;;`;
    });
}

function actionOf(value: OptionValue): string | undefined {
  if (value.kind === "none") return undefined;
  if (value.kind === "words") return `_ukpolice_words "$cur" "${value.words.join(" ")}"`;
  if (value.kind === "file") return `_ukpolice_files "$cur"`;
  return value.kind === "forces" ? `_ukpolice_forces "$cur" "$1" "$db"` : "COMPREPLY=()";
}

function commandCase({ name, options, arguments: own }: CommandWords): string {
  const spellings = options.flatMap((option: OptionWords) => option.spellings);
  if (own === "files") {
    const words = `_ukpolice_words "$cur" "${spellings.join(" ")}"`;
    return `    ${name}) if [[ $cur == -* ]]; then ${words}; else _ukpolice_files "$cur"; fi ;;`;
  }
  return `    ${name}) _ukpolice_words "$cur" "${[...own, ...spellings].join(" ")}" ;;`;
}
