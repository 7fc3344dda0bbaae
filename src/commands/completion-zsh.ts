import type { CommandWords, OptionWords, OptionValue } from "./completion-words.ts";

/** A script for zsh, to be sourced after compinit, or put into the fpath as `_ukpolice`. */
export function writeZsh(commands: readonly CommandWords[]): string {
  return `#compdef ukpolice
# Completion of ukpolice for zsh. Use it, after compinit, with: source <(ukpolice completion zsh)
_ukpolice() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '(- *)'{-h,--help}'[Show help]' '(- *)--version[Show the version]' \\
    '1:command:(${commands.map(({ name }) => name).join(" ")})' '*::argument:->arguments'
  [[ $state == arguments ]] || return
  case $words[1] in
${commands.map(commandCase).join("\n")}
  esac
}
_ukpolice_forces() {
  local db=\${opt_args[--db]} ids
  ids=$(ukpolice completion forces \${db:+--db} \${db:+"$db"} 2>/dev/null) ||
    ids=$(npx --no-install ukpolice completion forces \${db:+--db} \${db:+"$db"} 2>/dev/null)
  compadd -- \${(f)ids}
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then
  _ukpolice "$@"
else
  compdef _ukpolice ukpolice
fi
`;
}

function commandCase({ name, options, arguments: own }: CommandWords): string {
  const specs = [...options.map(optionSpec), ...argumentSpecs(own)];
  return `    ${name})\n      _arguments -s -S \\\n        ${specs.join(" \\\n        ")}\n      ;;`;
}

function argumentSpecs(own: CommandWords["arguments"]): string[] {
  if (own === "files") return [quote("*:file:_files")];
  return own.length === 0 ? [] : [quote(`1:argument:(${own.join(" ")})`)];
}

function optionSpec({ spellings, describe, value, many }: OptionWords): string {
  const [first = "", ...others] = spellings;
  const action = actionOf(value);
  const takes = action !== undefined;
  const name = (word: string) => (takes && word.startsWith("--") ? `${word}=` : word);
  const message = first.replace(/^-+/, "");
  const text = `[${describe.replaceAll(/[[\]:\\]/g, "\\$&")}]`;
  const after = text + (takes ? `:${message}:${action}` : "");
  if (many) return quote(`*${first}${text}:*-*:${message}:${action}`);
  if (others.length === 0) return quote(name(first) + after);
  return `${quote(`(${spellings.join(" ")})`)}{${spellings.map(name).join(",")}}${quote(after)}`;
}

function actionOf(value: OptionValue): string | undefined {
  if (value.kind === "none") return undefined;
  if (value.kind === "words") return `(${value.words.join(" ")})`;
  if (value.kind === "file") return "_files";
  return value.kind === "forces" ? "_ukpolice_forces" : " ";
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
