// Builds what browsers load: scripts and styles bundled per audience, fonts, images, and one sprite of the icons in use.
//
//   src/zaguan/<app>/ts/main.ts        → <app>.js       src/zaguan/<app>/css/main.css → <app>.css
//   src/zaguan/<app>/ts/<name>.entry.ts → <name>.js      src/zaguan/<app>/assets/*     → as they are
//
// Names get the hash of their content; build/assets/manifest.json tells which name stands for which file.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, watch, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { basename, dirname, extname, join, relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { licences } from "./licences.mjs";

const ROOT = join(import.meta.dirname, "..");
const SOURCES = join(ROOT, "src", "zaguan");
const OUT = process.env.ZAGUAN_ASSETS || join(ROOT, "build", "assets");
const DRAWN = join(ROOT, "build", "icons");
const ICONS = join(ROOT, "node_modules", "lucide-static", "icons");
// A running server and open pages go on asking for the files of the build before; so long they stay.
const KEPT_DAYS = 2;
const COMPRESSED = new Set([".js", ".css", ".svg", ".json", ".txt"]);

/** Every file below `folder` whose path matches. */
function find(folder, pattern) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => pattern.test(path) && !path.includes("node_modules"))
    .sort();
}

/** The app that a source file belongs to. */
const appOf = (path) => relative(SOURCES, path).split("/")[0];

function entryPoints() {
  const mains = find(SOURCES, /^[^]*\/(ts\/main\.ts|css\/main\.css)$/).map((path) => ({ in: path, out: appOf(path) }));
  const single = find(SOURCES, /\/ts\/[^/]+\.entry\.ts$/).map((path) => ({ in: path, out: basename(path, ".entry.ts") }));
  return [...mains, ...single];
}

/** Of the typeface, only the scripts that our languages are written in. */
const latinOnly = {
  name: "latin-only",
  setup(build) {
    build.onLoad({ filter: /@fontsource-variable\/.*\.css$/ }, (args) => {
      const faces = readFileSync(args.path, "utf8").match(/@font-face\s*{[^}]*}/g) ?? [];
      const kept = faces.filter((face) => /-latin(-ext)?-[a-z]+-normal\.woff2/.test(face));
      return { contents: kept.join("\n"), loader: "css", resolveDir: dirname(args.path) };
    });
  },
};

/** Bundle; returns logical name → file name. */
async function bundle() {
  const points = entryPoints();
  if (points.length === 0) return {};
  const result = await esbuild.build({
    entryPoints: points,
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    metafile: true,
    sourcemap: process.argv.includes("--watch") ? "linked" : false,
    legalComments: "none",
    entryNames: "[name].[hash]",
    chunkNames: "part.[hash]",
    assetNames: "[name].[hash]",
    loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
    nodePaths: [join(ROOT, "node_modules")],
    plugins: [latinOnly],
    logLevel: "warning",
  });
  const names = {};
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    const file = basename(path);
    // What is loaded on demand counts as an entry for esbuild, but pages do not name it.
    const point = points.find((each) => join(process.cwd(), output.entryPoint ?? "") === each.in);
    if (point) {
      names[point.out + extname(file)] = file;
    } else if (Object.keys(output.inputs).length === 1 && /\.(woff2|png|svg)$/.test(file)) {
      names[basename(Object.keys(output.inputs)[0])] = file;
    } else {
      names[file] = file;
    }
  }
  return names;
}

/** Names of icons in use, each with a place where it stands: icon("name"), icon="name", icon: "name". */
function iconsInUse() {
  const used = new Map();
  for (const path of find(SOURCES, /\.(html|jinja|py|ts)$/)) {
    if (/\/(tests|migrations)\//.test(path)) continue;
    const text = readFileSync(path, "utf8");
    for (const match of text.matchAll(/(?:\bdraw|icon|icon_name)(?:\(|\s*[:=])\s*["']([a-z0-9-]+)["']/g)) {
      const line = text.slice(0, match.index).split("\n").length;
      if (!used.has(match[1])) used.set(match[1], `${relative(ROOT, path)}:${line}`);
    }
    // Macros also take a name by its place, as in menu_item(_("Merge"), "merge"): any quoted name of the set counts.
    if (!/\.(html|jinja)$/.test(path)) continue;
    for (const match of text.matchAll(/["']([a-z0-9]+(?:-[a-z0-9]+)*)["']/g)) {
      if (!used.has(match[1]) && existsSync(join(ICONS, `${match[1]}.svg`))) used.set(match[1], relative(ROOT, path));
    }
  }
  return used;
}

/** One file with a <symbol> per icon in use. */
function sprite() {
  const unknown = [];
  const symbols = [...iconsInUse()].sort().map(([name, place]) => {
    const file = join(ICONS, `${name}.svg`);
    if (!existsSync(file)) return unknown.push(`  "${name}" in ${place}`);
    const inner = readFileSync(file, "utf8").replace(/<!--[^]*?-->/g, "").replace(/^[^]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").replace(/> </g, "><").trim()}</symbol>`;
  });
  if (unknown.length > 0) {
    throw new Error(`These icons are not in the set (see node_modules/lucide-static/icons):\n${unknown.join("\n")}`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

/** The app's icons, drawn from the logo. */
function drawnIcons() {
  const drawn = spawnSync("python3", [join(ROOT, "bin", "icons"), DRAWN], { encoding: "utf8" });
  if (drawn.status !== 0) throw new Error(`The icons could not be drawn:\n${drawn.stderr}`);
  return find(DRAWN, /\.png$/);
}

/** Write `content` under a hashed name; returns that name. */
function place(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8);
  const file = `${basename(name, extname(name))}.${hash}${extname(name)}`;
  writeFileSync(join(OUT, file), content);
  return file;
}

/** A small version beside each file that gains by it; the server picks what the browser takes. */
function compress(file) {
  const path = join(OUT, file);
  if (!COMPRESSED.has(extname(file)) || statSync(path).size < 1024 || existsSync(`${path}.br`)) return;
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
}

async function build() {
  mkdirSync(OUT, { recursive: true });
  const manifest = await bundle();
  manifest["icons.svg"] = place("icons.svg", sprite());
  manifest["licences.txt"] = place("licences.txt", licences(ROOT));
  for (const path of find(SOURCES, /\/assets\/[^/]+\.(svg|png|ico|webp)$/)) {
    manifest[basename(path)] = place(basename(path), readFileSync(path));
  }
  for (const path of drawnIcons()) manifest[basename(path)] = place(basename(path), readFileSync(path));
  const kept = new Set(Object.values(manifest));
  kept.forEach(compress);
  forgetOld(kept, filesOfLastBuild());
  // In one step: a server that starts now reads the old list or the new one, never half of it.
  writeFileSync(join(OUT, "manifest.new"), JSON.stringify(manifest, Object.keys(manifest).sort(), 1) + "\n");
  renameSync(join(OUT, "manifest.new"), join(OUT, "manifest.json"));
  return kept.size;
}

/** What the list of the build before names; nothing when this is the first one. */
function filesOfLastBuild() {
  const list = join(OUT, "manifest.json");
  return existsSync(list) ? new Set(Object.values(JSON.parse(readFileSync(list, "utf8")))) : new Set();
}

/** Delete what no build of the last days named; the clock of what was in use until now starts here. */
function forgetOld(kept, last) {
  const now = Date.now() / 1000;
  for (const file of readdirSync(OUT)) {
    const path = join(OUT, file);
    const name = file.replace(/\.(gz|br|map)$/, "");
    if (file.startsWith("manifest.") || kept.has(name)) continue;
    if (last.has(name)) utimesSync(path, now, now);
    else if (now - statSync(path).mtimeMs / 1000 > KEPT_DAYS * 86400) rmSync(path);
  }
}

/** Run the *.test.ts files with Node's own test runner. */
async function test() {
  const files = find(SOURCES, /\.test\.ts$/);
  if (files.length === 0) return 0;
  const outdir = join(ROOT, "build", "script-tests");
  rmSync(outdir, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: files, outdir, bundle: true, format: "esm", platform: "node", target: "node20", outExtension: { ".js": ".mjs" },
    nodePaths: [join(ROOT, "node_modules")], sourcemap: "inline", logLevel: "warning",
  });
  const bundles = find(outdir, /\.test\.mjs$/);
  return spawnSync(process.execPath, ["--enable-source-maps", "--test", ...bundles], { stdio: "inherit" }).status ?? 1;
}

async function keepBuilding() {
  let timer;
  const again = () => build().then((count) => console.log(`${count} files`), (error) => console.error(error.message));
  await again();
  watch(SOURCES, { recursive: true }, (_event, name) => {
    if (!/\.(ts|css|html|jinja|py|svg|png)$/.test(name ?? "")) return;
    clearTimeout(timer);
    timer = setTimeout(again, 120);
  });
}

try {
  if (process.argv.includes("--test")) process.exitCode = await test();
  else if (process.argv.includes("--watch")) await keepBuilding();
  else await build();
} catch (error) {
  console.error(error.errors ? "The bundle has errors, see above." : error.message);
  process.exitCode = 1;
}
