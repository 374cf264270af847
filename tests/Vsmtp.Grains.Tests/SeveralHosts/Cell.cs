namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>One mail to a domain of two hosts.</summary>
/// <param name="Domain">Of its own.</param>
/// <param name="Command">At which the first host says something.</param>
/// <param name="Word">What it says.</param>
/// <param name="Second">What the second host does.</param>
/// <param name="Recipients">One or two.</param>
/// <param name="IsOrdered">The first host is preferred; else both are alike.</param>
/// <param name="IsPipelined">Both hosts take commands in groups (RFC 2920).</param>
internal sealed record Cell(string Domain, Command Command, Word Word, SecondHost Second, int Recipients, bool IsOrdered, bool IsPipelined)
{
    public const string First = "one";
    public const string Other = "two";

    public string Sender => $"john@from-{Domain}";

    public IEnumerable<string> Addresses => Enumerable.Range(0, Recipients).Select(i => $"b{i}@{Domain}");

    /// <summary>Every one of a command.</summary>
    public static IEnumerable<Cell> All(Command command, IEnumerable<Word> words) =>
        from word in words
        from second in Enum.GetValues<SecondHost>()
        from recipients in new[] { 1, 2 }
        from isOrdered in new[] { true, false }
        from isPipelined in new[] { true, false }
        select new Cell($"{command}-{word}-{second}-{recipients}{(isOrdered ? "o" : "")}{(isPipelined ? "p" : "")}.example".ToLowerInvariant(),
            command, word, second, recipients, isOrdered, isPipelined);

    /// <summary>The line on the wire; null where the word is none.</summary>
    public static string? LineOf(Word word) => word switch
    {
        Word.Positive => "250 2.0.0 fine",
        Word.Intermediate => "354 more please",
        Word.Transient => "451 4.3.0 later",
        Word.Closing => "421 4.3.2 bye",
        Word.Permanent => "550 5.3.0 never",
        Word.NoMailHost => "521 5.3.2 no mail here",
        _ => null,
    };
}
