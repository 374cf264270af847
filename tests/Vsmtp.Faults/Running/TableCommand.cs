using System.Diagnostics;
using System.Globalization;
using Vsmtp.Faults.Faults;
using Vsmtp.Faults.Ledgers;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Running;

/// <summary>What eng/faults runs: one fault after the other, a row of the table for each.</summary>
internal static class TableCommand
{
    public const string Verb = "table";

    private const string Usage = "usage: eng/faults [--long] [--store sqlite|postgres|cluster] [--mx] [--only NAME] [--seed N]";
    private const string SkipMark = "$XunitDynamicSkip$";

    /// <returns>0: nothing lost, nothing unscanned, nothing twice without a reason.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (Options.TryRead(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        var (way, head) = options.Way is WayOut.Exchanges ? (", by MX", FaultRow.HeadWithNotices) : ("", FaultRow.Head);
        Console.WriteLine($"Store: {options.Store}{way}, {(options.IsLong ? "long" : "short")} form, seed {options.Seed}.\n\n{head}");
        var isGood = true;
        foreach (var fault in FaultList.For(options.Store).Where(fault => options.Only is null || fault.Name.Contains(options.Only, StringComparison.OrdinalIgnoreCase)))
            isGood &= await IsGoodAsync(fault, options);
        return isGood ? 0 : 1;
    }

    private static async Task<bool> IsGoodAsync(Fault fault, Options options)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var row = await FaultRun.RunAsync(fault, options.Store, options.Way, options.IsLong ? fault.Long : fault.Short, options.Seed);
            Console.WriteLine(row);
            await Console.Error.WriteAsync(row.Faults.Length > 0 ? row.Faults + "\n" : "");
            await Console.Error.WriteLineAsync($"{fault.Name}: {clock.Elapsed.TotalSeconds:F0} s");
            return row.IsGood;
        }
        catch (Exception failed)
        {
            var isSkipped = failed.Message.StartsWith(SkipMark, StringComparison.Ordinal);
            Console.WriteLine($"| {fault.Name} | {(isSkipped ? "skipped: " + failed.Message[SkipMark.Length..] : "failed")} | | | | | | |");
            if (!isSkipped) await Console.Error.WriteLineAsync($"{fault.Name}: {failed}");
            return isSkipped;
        }
    }

    private sealed record Options(bool IsLong, StoreKind Store, WayOut Way, string? Only, int Seed)
    {
        public static Options? TryRead(string[] arguments)
        {
            var options = new Options(IsLong: false, StoreKind.Sqlite, WayOut.Smarthost, Only: null, Seed: Random.Shared.Next(1_000_000));
            for (var i = 0; i < arguments.Length; i++)
            {
                var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
                switch (arguments[i])
                {
                    case "--long":
                        options = options with { IsLong = true };
                        continue;
                    case "--mx":
                        options = options with { Way = WayOut.Exchanges };
                        continue;
                    case "--store" when Enum.TryParse<StoreKind>(value, ignoreCase: true, out var store):
                        options = options with { Store = store };
                        break;
                    case "--only" when value.Length > 0:
                        options = options with { Only = value };
                        break;
                    case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed):
                        options = options with { Seed = seed };
                        break;
                    default:
                        return null;
                }

                i++;
            }

            return options;
        }
    }
}
