using System.Globalization;
using Vsmtp.EndToEnd.Tests.Support;

namespace Vsmtp.EndToEnd.Tests.Killing;

/// <summary>One mail that a client has to get rid of, and what came of that.</summary>
internal sealed class TestMail(int number)
{
    public const string IdHeader = "X-Test-Id";

    /// <summary>Every third is infected, and every tenth does not fit into one row of the store.</summary>
    public bool IsInfected { get; } = number % 3 == 0;

    public string Id { get; } = number.ToString("D5", CultureInfo.InvariantCulture);

    public string Message => Messages.Clean($"mail {Id}", string.Concat(Lines), $"{IdHeader}: {Id}\r\n");

    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>The id that the 250 gave; null: none yet.</summary>
    public string? AcceptedAs { get; set; }

    /// <summary>How often the dot went out and no reply came: the server may have taken it each time.</summary>
    public int UncertainSends { get; set; }

    private IEnumerable<string> Lines =>
        [.. Enumerable.Repeat($"{new string('x', 76)}\r\n", number % 10 == 5 ? 1_500 : 10), IsInfected ? Messages.Eicar : "All is well."];
}
