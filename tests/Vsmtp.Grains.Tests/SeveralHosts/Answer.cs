namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>What a host's conversation says of one recipient.</summary>
internal enum Meaning
{
    Taken,
    Never,
    Later,

    /// <summary>Not from this host, ever; another one of the domain may take it (RFC 7504 §3).</summary>
    NotHere,

    /// <summary>It broke behind the dot: the host may have the mail.</summary>
    MayHaveIt,
}

/// <param name="Status">Of class 4 or 5 (RFC 3463); empty when it is taken.</param>
/// <param name="Reply">The host's words; null where it gave none, or none that can stand there.</param>
internal sealed record Answer(Meaning Meaning, string Status = "", string? Reply = null)
{
    private const string NoAnswer = "4.4.1";         // RFC 3463 §3.5
    private const string BadConnection = "4.4.2";
    private const string NoProtocol = "4.5.0";       // RFC 3463 §3.6

    private static readonly Answer Taken = new(Meaning.Taken);

    /// <summary>By RFC 5321 §4.2.1 and docs/design/016, "Which server".</summary>
    /// <param name="recipient">Its number, from 0.</param>
    public static Answer OfFirst(Cell cell, int recipient)
    {
        var line = Cell.LineOf(cell.Word);
        var isNegative = cell.Word is Word.Transient or Word.Closing or Word.Permanent or Word.NoMailHost;
        var enhanced = isNegative ? line!.Split(' ')[1] : "";
        var isRight = cell.Word == (cell.Command == Command.Data ? Word.Intermediate : Word.Positive);
        if (isRight) return Taken;
        switch (cell.Command)
        {
            // RFC 5321 §3.2: EHLO that is refused for good is tried as HELO.
            case Command.Ehlo when cell.Word is Word.Permanent or Word.NoMailHost:
                return Taken;
            case Command.Connect or Command.Ehlo or Command.Helo:
                return cell.Word switch
                {
                    Word.NoMailHost => new Answer(Meaning.NotHere, enhanced, line),
                    Word.Intermediate => new Answer(Meaning.Later, NoProtocol, line),
                    Word.Garbage => new Answer(Meaning.Later, NoProtocol),
                    Word.HangsUp or Word.Silence => new Answer(Meaning.Later, BadConnection),
                    // 5yz before there is a session is of us, not of the mail.
                    _ => new Answer(Meaning.Later, enhanced, line),
                };
            // 421 ends the session, and so the second recipient's.
            case Command.Rcpt when recipient > 0 && isNegative && cell.Word is not Word.Closing:
                return Taken;
            default:
                var open = cell.Command is Command.Dot ? Meaning.MayHaveIt : Meaning.Later;
                return cell.Word switch
                {
                    Word.Permanent or Word.NoMailHost => new Answer(Meaning.Never, enhanced, line),
                    Word.Transient or Word.Closing => new Answer(Meaning.Later, enhanced, line),
                    Word.HangsUp or Word.Silence => new Answer(open, BadConnection),
                    _ => new Answer(open, NoProtocol),
                };
        }
    }

    public static Answer OfSecond(Cell cell) => cell.Second switch
    {
        SecondHost.TakesIt => Taken,
        SecondHost.NotNow => new Answer(Meaning.Later, "4.2.1", "450 4.2.1 full"),
        SecondHost.Never => new Answer(Meaning.Never, "5.1.1", "550 5.1.1 unknown"),
        SecondHost.NoMailHost => new Answer(Meaning.NotHere, "5.3.2", "521 5.3.2 no mail here"),
        _ => new Answer(Meaning.Later, NoAnswer),
    };
}
