using System.Globalization;

namespace Vsmtp.Vsl.Tests.Fuzzing;

/// <summary>What <c>eng/fuzz-vsl</c> calls.</summary>
internal static class FuzzCommand
{
    public const string Verb = "fuzz";
    private const int Usual = 20_000;

    /// <returns>0 when no case failed, 1 at the first that did, 2 for a wrong command line.</returns>
    public static int Run(string[] options)
    {
        var (cases, seed) = (Usual, Random.Shared.Next());
        for (var i = 0; i < options.Length; i += 2)
        {
            var value = i + 1 < options.Length && int.TryParse(options[i + 1], CultureInfo.InvariantCulture, out var number) ? number : -1;
            if (value < 0 || options[i] is not ("--cases" or "--seed"))
            {
                Console.Error.WriteLine("fuzz-vsl [--cases N] [--seed N]");
                return 2;
            }

            if (options[i] == "--cases") cases = value;
            else seed = value;
        }

        Console.WriteLine($"{cases} programs and as many spoilt texts from seed {seed}");
        for (var i = 0; i < cases; i++)
        {
            var at = unchecked(seed + i);
            if ((FuzzRun.Find(at, FuzzRun.Generated) ?? FuzzRun.Find(at, FuzzRun.Mutated)) is not { } fault)
            {
                if ((i + 1) % 1_000 == 0) Console.WriteLine($"{i + 1} …");
                continue;
            }

            Console.Error.WriteLine($"eng/fuzz-vsl --seed {at} --cases 1: {fault}");
            return 1;
        }

        Console.WriteLine("no fault");
        return 0;
    }
}
