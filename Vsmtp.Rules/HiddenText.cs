namespace Vsmtp.Rules;

/// <summary>A text that no log, record or error shows: a password.</summary>
public sealed class HiddenText(string text)
{
    /// <summary>The text itself, for the one that needs it.</summary>
    public string Reveal() => text;

    public override string ToString() => "***";
}
