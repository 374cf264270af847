using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Vsmtp.Smtp.Tests.Fuzzing;

/// <summary>Feeds a target: with what broke it once, then with new octets. Each case can be had again from its seed.</summary>
/// <remarks>In the tests a short run, its first hundred cases always the same; <c>eng/fuzz</c> makes it long by way of the environment.</remarks>
internal static class FuzzRun
{
    private const string Minutes = "VSMTP_FUZZ_MINUTES";
    private const string Seed = "VSMTP_FUZZ_SEED";
    private const int FixedSeed = 20_261_126;
    private const int FixedCases = 100;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    /// <summary>One case that takes longer hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="project">Where the call stands: its folder Regressions is beside it.</param>
    public static async Task RunAsync(FuzzTarget target, [CallerFilePath] string project = "")
    {
        var regressions = Path.Combine(Path.GetDirectoryName(project)!, "Regressions", target.Name);
        if (Directory.Exists(regressions))
        {
            foreach (var file in Directory.GetFiles(regressions).Order(StringComparer.Ordinal))
                if (await FindAsync(target, await File.ReadAllBytesAsync(file)) is { } again) Assert.Fail($"{file}: {again}");
        }

        var (isLong, limit) = Environment.GetEnvironmentVariable(Minutes) is { } minutes
            ? (true, TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)))
            : (false, Short);
        var fresh = Environment.GetEnvironmentVariable(Seed) is { Length: > 0 } seed
            ? int.Parse(seed, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < FixedCases || watch.Elapsed < limit; i++)
        {
            var at = unchecked(isLong || i >= FixedCases ? fresh + i : FixedSeed + i);
            var octets = target.Make(new Random(at));
            if (await FindAsync(target, octets) is not { } fault) continue;
            if (isLong)
            {
                Directory.CreateDirectory(regressions);
                await File.WriteAllBytesAsync(Path.Combine(regressions, $"{at}.bin"), octets);
            }

            Assert.Fail($"eng/fuzz {target.Name} --seed {at}: {fault}\n{Shown(octets)}");
        }
    }

    private static async Task<string?> FindAsync(FuzzTarget target, byte[] octets)
    {
        try
        {
            return await target.FindAsync(octets).WaitAsync(Patience);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return fault.ToString();
        }
    }

    private static string Shown(byte[] octets)
    {
        var text = new StringBuilder();
        foreach (var octet in octets.AsSpan(0, Math.Min(octets.Length, 4000)))
            text.Append(octet is >= 0x20 and < 0x7F and not (byte)'\\' ? ((char)octet).ToString() : $"\\x{octet:X2}");
        return text.ToString();
    }
}
