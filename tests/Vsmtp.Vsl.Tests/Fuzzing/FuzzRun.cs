using System.Text;
using Vsmtp.Vsl.Printing;
using Vsmtp.Vsl.Tests.Support;

namespace Vsmtp.Vsl.Tests.Fuzzing;

/// <summary>Many cases of one property; each can be had again from the seed that is printed with a failure.</summary>
internal static class FuzzRun
{
    private const int FixedSeed = 20_251_126;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static readonly BudgetLimits Limits = new()
    {
        MaxSteps = 5_000, MaxDepth = 24, MaxAllocatedBytes = 2_000_000, MaxOutputChars = 1_000, MaxTime = TimeSpan.FromSeconds(20),
    };

    public static string[] Sources { get; } =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Snippets"), "*.vsl").Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    /// <summary>Half of the cases are always the same, half are new each time.</summary>
    /// <param name="find">Null, or what is wrong in the case.</param>
    public static void Bounded(int cases, Func<Random, string?> find)
    {
        var fresh = Random.Shared.Next();
        for (var i = 0; i < cases; i++)
        {
            var seed = i % 2 == 0 ? FixedSeed + i : fresh + i;
            if (Find(seed, find) is { } fault) Assert.Fail($"eng/fuzz-vsl --seed {seed} --cases 1: {fault}");
        }
    }

    public static string? Find(int seed, Func<Random, string?> find)
    {
        try
        {
            return find(new Random(seed));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.ToString();
        }
    }

    /// <summary>A generated program: it reads back from print, and both end, in the same way, within their budgets.</summary>
    public static string? Generated(Random random)
    {
        var text = new ScriptGenerator(random).Program();
        if (SourceTree.Parse(text) is not { } tree) return $"does not parse:\n{text}";
        if (SourceTree.LostInPrint(text) is { } lost) return $"{lost}\nfrom\n{text}";
        if (Ended(text) is not { } end) return $"does not end:\n{text}";
        var printed = SyntaxPrinter.Print(tree);
        return Ended(printed) is { } again && again == end ? null : $"as written: {end}\nas printed: {Ended(printed)}\n{text}\nprinted as\n{printed}";
    }

    /// <summary>A spoilt text: there are findings with places and codes, or it runs to an end.</summary>
    public static string? Mutated(Random random)
    {
        var source = random.Next(3) == 0 ? new ScriptGenerator(random).Program() : Sources[random.Next(Sources.Length)];
        var text = ScriptMutator.Mutate(random, source);
        var result = TestScript.Compile(text);
        var rendered = new DiagnosticRenderer(result.Files).Render(result.Diagnostics);
        if (result.Diagnostics.Any(d => d.Code.Length == 0 || d.Message.Length == 0)) return $"a finding without code:\n{rendered}\n{text}";
        if (result.Script is null) return rendered.Contains(": error: ", StringComparison.Ordinal) ? null : $"refused without an error:\n{text}";
        return Ended(text) is null ? $"does not end:\n{text}" : null;
    }

    /// <returns>What it printed and gave; null: it did not end.</returns>
    private static string? Ended(string text)
    {
        var result = TestScript.Compile(text);
        if (result.Script is not { } script) return "refused: " + string.Join('|', result.Diagnostics.Where(d => d.Severity is DiagnosticSeverity.Error).Select(d => d.Message));
        var output = new StringBuilder();
        var run = script.EvaluateAsync(new ScriptRunOptions { Limits = Limits, State = output }).AsTask();
        if (!run.Wait(Patience)) return null;
        return output + (run.Result.Failure is { } failure ? "error: " + failure.Message : run.Result.Value.ToDebug());
    }
}
