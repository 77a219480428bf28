// The licences of everything that ends up in a browser, as their authors ask: one text file beside the scripts.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Names, versions and licence texts of all packages that are not for development only. */
export function licences(root) {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const shipped = Object.entries(packages).filter(([path, facts]) => path && !facts.dev && existsSync(join(root, path)));
  const texts = shipped.sort(([a], [b]) => a.localeCompare(b)).map(([path, facts]) => {
    const file = readdirSync(join(root, path)).find((name) => /^(licen[cs]e|copying)(\.|$)/i.test(name));
    const text = file ? readFileSync(join(root, path, file), "utf8").trim() : `Licence: ${facts.license}`;
    return `${path.replace(/^.*node_modules\//, "")} ${facts.version} (${facts.license})\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
