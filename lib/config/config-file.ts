import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';
import type { ConfigStatus } from '#lib/model/config-status.ts';
import { type Config, loadConfig } from './load.ts';

export interface ConfigFileOptions {
  /** Checks what the loader cannot (rule files) and says how to put the whole in force. Throws when it must not be. */
  readonly prepare: (config: Config) => () => void | Promise<void>;
  readonly log: { info(message: string): void; error(message: string): void };
}

/** Editors and config managers write in several steps. */
const SETTLE_MS = 200;
/** Mounted files may change without a word. */
const LOOK_AGAIN_MS = 30_000;

/** The configuration file over the life of the server. A file that turns bad leaves the configuration before in force. */
export class ConfigFile {
  readonly #path: string;
  readonly #options: ConfigFileOptions;
  #config: Config;
  #status: ConfigStatus;
  #watchers: FSWatcher[] = [];
  #look: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;
  #applying: Promise<void>;

  /** Reads it and puts it in force. @throws ConfigError */
  constructor(file: string, options: ConfigFileOptions) {
    this.#path = file;
    this.#options = options;
    this.#config = loadConfig(file);
    this.#applying = Promise.resolve(options.prepare(this.#config)());
    this.#status = { path: file, loadedAt: Date.now(), error: undefined, failedAt: undefined };
  }

  config(): Config {
    return this.#config;
  }

  status(): ConfigStatus {
    return this.#status;
  }

  /** Reads it again, changed or not, and puts it in force. @throws ConfigError when it is bad; the one before stays */
  async reload(): Promise<void> {
    await this.#reload(true);
  }

  watch(): void {
    const lookAgain = () => {
      // Told in the log and the status.
      this.#reload(false).catch(() => undefined);
    };
    const onEvent = () => {
      clearTimeout(this.#settle);
      this.#settle = setTimeout(lookAgain, SETTLE_MS);
    };
    const folders = new Set(this.#config.files.map((file) => path.dirname(file)));
    for (const folder of folders) {
      try {
        const watcher = watch(folder, onEvent);
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // Not to be watched: it is looked at all the same.
      }
    }
    this.#look = setInterval(lookAgain, LOOK_AGAIN_MS);
    this.#look.unref();
  }

  stop(): void {
    clearInterval(this.#look);
    clearTimeout(this.#settle);
    for (const watcher of this.#watchers) watcher.close();
  }

  async #reload(isAsked: boolean): Promise<void> {
    const { log, prepare } = this.#options;
    try {
      const config = loadConfig(this.#path);
      const isSame = config.fingerprint === this.#config.fingerprint;
      if (isSame && !isAsked) {
        this.#status = { ...this.#status, error: undefined, failedAt: undefined };
        return;
      }
      const putInForce = prepare(config);
      this.#config = config;
      this.#status = { path: this.#path, loadedAt: Date.now(), error: undefined, failedAt: undefined };
      // One after the other, or an older configuration might win.
      this.#applying = this.#applying.catch(() => undefined).then(putInForce);
      await this.#applying;
      log.info(`configuration read again from ${this.#path}`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isKnown = this.#status.error === message;
      this.#status = { ...this.#status, error: message, failedAt: Date.now() };
      if (isAsked || !isKnown)
        log.error(`configuration not taken, the one before stays in force: ${message}`);
      throw error;
    }
  }
}
