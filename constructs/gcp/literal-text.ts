/**
 * A text that Terraform takes as it is: `${` and `%{` begin a template there, and shell scripts are full of them. CDKTF
 * escapes nothing, so that its own references work.
 */
export function literalText(text: string): string {
  return text.replaceAll('${', () => '$${').replaceAll('%{', () => '%%{');
}
