/** Times, lengths and sizes as people of a language write them, in the household's time zone. */
export class Format {
  private readonly cache = new Map<string, Intl.DateTimeFormat>();

  constructor(
    readonly language: string,
    readonly zone: string,
  ) {}

  /** 14:03 (with `seconds`, 14:03:07). */
  time(time: number, seconds = false): string {
    return this.date(time, {
      hour: "2-digit",
      minute: "2-digit",
      ...(seconds ? { second: "2-digit" } : {}),
      hourCycle: "h23",
    });
  }

  /** Friday, 27 November 2026. */
  day(time: number): string {
    return this.date(time, { weekday: "long", year: "numeric", month: "long", day: "numeric" });
  }

  /** 27 Nov 2026. */
  shortDay(time: number): string {
    return this.date(time, { year: "numeric", month: "short", day: "numeric" });
  }

  /** 27/11. */
  dayOfMonth(time: number): string {
    return this.date(time, { month: "numeric", day: "numeric" });
  }

  /** 27 Nov 2026, 14:03:07. */
  moment(time: number): string {
    return `${this.shortDay(time)} ${this.time(time, true)}`;
  }

  /** 1:05, or 1:02:03. */
  length(seconds: number): string {
    const whole = Math.max(Math.round(seconds), 0);
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    const two = (value: number): string => String(value).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }

  /** 3.4 MB. */
  size(bytes: number): string {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
    const step = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
    const value = bytes / 1000 ** step;
    return new Intl.NumberFormat(this.language, {
      style: "unit",
      unit: units[step],
      maximumFractionDigits: value < 10 && step ? 1 : 0,
    }).format(value);
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.language).format(value);
  }

  percent(share: number, digits = 0): string {
    return new Intl.NumberFormat(this.language, { style: "percent", maximumFractionDigits: digits }).format(share);
  }

  /** In 3 days, 2 hours ago. */
  relative(time: number, now: number): string {
    const seconds = time - now;
    const steps: [Intl.RelativeTimeFormatUnit, number][] = [
      ["day", 86_400],
      ["hour", 3600],
      ["minute", 60],
      ["second", 1],
    ];
    const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? (["second", 1] as const);
    return new Intl.RelativeTimeFormat(this.language, { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
  }

  private date(time: number, options: Intl.DateTimeFormatOptions): string {
    const key = JSON.stringify(options);
    let format = this.cache.get(key);
    if (!format) {
      format = new Intl.DateTimeFormat(this.language, { ...options, timeZone: this.zone });
      this.cache.set(key, format);
    }
    return format.format(new Date(time * 1000));
  }
}
