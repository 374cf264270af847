namespace Vsmtp.Delivery.Local;

/// <summary>A mail on its way into a Maildir: one file, the message as it came, CRLF line ends included (design rule 10).</summary>
/// <remarks>A repeat after a crash writes the same file name, so that no mail is there twice.</remarks>
internal sealed class MaildirDeposit : MailDeposit
{
    private readonly MaildirFolder _folder;
    private readonly string _name;
    private readonly FileStream _file;
    private bool _isComplete;

    private MaildirDeposit(MaildirFolder folder, string name, string place)
        : base(place)
    {
        (_folder, _name) = (folder, name);
        _file = new FileStream(folder.Create(name), FileAccess.Write, bufferSize: 0);
    }

    /// <param name="name">As of <see cref="MaildirName.OfFile"/>.</param>
    /// <exception cref="IOException">As of <see cref="MaildirFolder.Open"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">Idem.</exception>
    public static MaildirDeposit Open(Mailbox mailbox, string name)
    {
        var folder = MaildirFolder.Open(mailbox);
        try
        {
            return new MaildirDeposit(folder, name, mailbox.PathOf("new", name));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public override void Write(ReadOnlySpan<byte> octets) => _file.Write(octets);

    public override void Complete()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        _folder.Publish(_name);
        _isComplete = true;
    }

    public override void Dispose()
    {
        _file.Dispose();
        if (!_isComplete) _folder.Discard(_name);
        _folder.Dispose();
    }
}
