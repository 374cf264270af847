namespace Vsmtp.Rules.Tests.Api;

/// <summary>What one function must do, whichever of its names and forms it is called by.</summary>
/// <param name="Function">Its name and parameter count in the table: <c>accept/1</c>; methods with their receiver: <c>address.get_domain/0</c>.</param>
/// <param name="Arguments">As a script writes them.</param>
/// <param name="Expected">
/// The debug form of what it gives, and then what it changed: <c>() | sender: a@b.org</c>; or <c>error: </c> and the beginning of the message.
/// </param>
public sealed record ApiRow(string Function, string Arguments, string Expected)
{
    /// <summary>Statements in front of the call.</summary>
    public string Before { get; init; } = "";

    /// <summary>Statements at the top level, in front of the stages.</summary>
    public string Top { get; init; } = "";

    /// <summary>Of a method: the value that has it.</summary>
    public string Receiver { get; init; } = "";

    /// <summary>Called while the rules are loaded, at the top level.</summary>
    public bool IsLoading { get; init; }

    /// <summary>The call does not stand alone behind <c>let it =</c>, but in an array.</summary>
    public bool IsPartOfMore { get; init; }

    public override string ToString() => $"{Function} ({Arguments})";
}
