using System.Globalization;
using System.Text;

namespace Vsmtp.Delivery.Local;

/// <summary>A mail on its way to the end of an mbox, which is locked meanwhile.</summary>
/// <remarks>
/// A file of many mails cannot be changed in one step: a crash amid an append leaves half a mail, which the next one closes, and the mail is
/// appended anew. Maildir has no such seam.
/// </remarks>
internal sealed class MboxDeposit : MailDeposit
{
    private const int BufferBytes = 32 * 1024;

    private readonly MboxFile _mbox;
    private readonly BufferedStream _buffered;
    private readonly MboxWriter _writer;
    private bool _isComplete;

    private MboxDeposit(MboxFile mbox, string place)
        : base(place)
    {
        _mbox = mbox;
        _buffered = new BufferedStream(mbox.End, BufferBytes);
        _writer = new MboxWriter(_buffered);
    }

    /// <param name="sender">The reverse path, empty for the null path.</param>
    /// <returns>Null: another program has it locked now.</returns>
    /// <exception cref="IOException">As of <see cref="MboxFile.TryOpen"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">Idem.</exception>
    public static MboxDeposit? TryOpen(Mailbox mailbox, string file, string sender, DateTimeOffset now)
    {
        if (MboxFile.TryOpen(mailbox, file) is not { } mbox) return null;
        var deposit = new MboxDeposit(mbox, mailbox.PathOf(file));
        deposit._buffered.Write(Encoding.UTF8.GetBytes(FromLine(sender, now)));
        return deposit;
    }

    public override void Write(ReadOnlySpan<byte> octets) => _writer.Write(octets);

    public override void Complete()
    {
        _writer.Complete();
        _buffered.Flush();
        _mbox.Sync();
        _isComplete = true;
    }

    /// <summary>The buffer is not disposed of: that would write what is to be taken back, and close the file before it is.</summary>
    public override void Dispose()
    {
        try
        {
            if (!_isComplete) _mbox.Undo();
        }
        finally
        {
            _mbox.Dispose();
        }
    }

    /// <summary>As ctime(3) has the time: the day of the month is two places wide.</summary>
    private static string FromLine(string sender, DateTimeOffset now)
    {
        var day = now.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
        return $"From {(sender.Length == 0 ? "MAILER-DAEMON" : sender.Replace(' ', '_'))} "
            + now.ToString($"ddd MMM '{day}' HH':'mm':'ss yyyy", CultureInfo.InvariantCulture) + "\n";
    }
}
