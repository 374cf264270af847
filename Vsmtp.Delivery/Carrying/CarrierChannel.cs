using System.Net.Sockets;
using Vsmtp.Delivery.Identities;
using Vsmtp.Delivery.Local;
using Vsmtp.Delivery.Work;

namespace Vsmtp.Delivery.Carrying;

/// <summary>The carrier's end of one socket: a mail at a time, each on a thread of its own that becomes the mailbox's user and ends with it.</summary>
/// <remarks>Synchronous from end to end: what waited would go on in a thread of the pool, which is somebody else.</remarks>
internal sealed class CarrierChannel(Socket socket, MailboxTable mailboxes, TimeSpan mboxPatience)
{
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(100);

    /// <summary>For the next octets of a message: an mbox is locked meanwhile. The server's own patience is shorter.</summary>
    private static readonly TimeSpan MessagePatience = TimeSpan.FromMinutes(10);

    private readonly byte[] _buffer = new byte[CarrierFrame.MaxBytes];
    private bool _isBroken;

    /// <summary>Serves until the server closes its end, or says what no server says.</summary>
    public void Serve()
    {
        using (socket)
        {
            while (!_isBroken && TryReadRequest() is { } request)
            {
                var delivery = new Thread(() => Deliver(request)) { Name = "delivery" };
                delivery.Start();
                delivery.Join();
            }
        }
    }

    private TimeSpan Patience
    {
        set => socket.ReceiveTimeout = (int)value.TotalMilliseconds;
    }

    private CarrierRequest? TryReadRequest()
    {
        try
        {
            var (word, octets) = Receive();
            return word is CarrierWord.Request && CarrierRequest.TryParse(octets.Span, out var request) ? request : null;
        }
        catch (BrokenChannelException)
        {
            return null;
        }
    }

    /// <summary>The outermost frame of a delivery's thread.</summary>
    private void Deliver(CarrierRequest request)
    {
        try
        {
            if (Store(request) is not { } outcome) return;
            var (word, octets) = CarrierAnswer.Of(outcome);
            Send(word, octets);
        }
        catch (BrokenChannelException)
        {
            _isBroken = true;
        }
    }

    /// <returns>Null: the server has given up, and hears nothing.</returns>
    private LocalOutcome? Store(CarrierRequest request)
    {
        var message = new CarriedMessage(this);
        LocalOutcome outcome;
        try
        {
            outcome = Store(request, message);
        }
        catch (Exception fault) when (fault is not BrokenChannelException)
        {
            // Also faults of our own: this mail waits, the next one may fare better.
            outcome = new LocalOutcome.Refused(MailDeposit.Failed(request.Format, fault));
        }

        return message.Drain() ? outcome : null;
    }

    private LocalOutcome Store(CarrierRequest request, CarriedMessage message)
    {
        if (mailboxes.FindAccount(request.Account, request.Format, out var mbox, out var refusal) is not { Owner: { } owner } mailbox)
            return new LocalOutcome.Refused(refusal!);
        // Mboxes lie in a folder of root, in which a group may make files: mail, on most systems.
        var shared = request.Format is MailboxFormat.Mbox ? MailFolder.GroupOf(mailbox.Root) : 0;
        new ThreadIdentity(owner.User, owner.Group) { Groups = shared == 0 ? [] : [shared], IsGuest = true }.Assume();
        using MailDeposit? deposit = request.Format is MailboxFormat.Maildir
            ? MaildirDeposit.Open(mailbox, request.Name)
            : OpenMbox(mailbox, mbox, request.Sender);
        if (deposit is null) return new LocalOutcome.Refused(MailDeposit.Locked(mbox));
        message.Invite();
        while (message.TryRead(out var octets)) deposit.Write(octets);
        if (message.IsGivenUp) return new LocalOutcome.Refused(Refusal.ForNow("4.3.0", "given up"));
        deposit.Complete();
        return new LocalOutcome.Stored(deposit.Place);
    }

    private MboxDeposit? OpenMbox(Mailbox mailbox, string file, string sender)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        while (true)
        {
            if (MboxDeposit.TryOpen(mailbox, file, sender, time.GetUtcNow()) is { } mbox) return mbox;
            if (time.GetElapsedTime(began) > mboxPatience) return null;
            Thread.Sleep(LockPause);
        }
    }

    private (CarrierWord Word, ReadOnlyMemory<byte> Octets) Receive()
    {
        Span<byte> head = stackalloc byte[CarrierFrame.HeadBytes];
        Fill(head);
        var frame = CarrierFrame.Read(head);
        Fill(_buffer.AsSpan(0, frame.Length));
        return (frame.Word, _buffer.AsMemory(0, frame.Length));
    }

    private void Fill(Span<byte> space)
    {
        try
        {
            while (!space.IsEmpty)
            {
                var count = socket.Receive(space);
                if (count == 0) throw new BrokenChannelException("the server has gone");
                space = space[count..];
            }
        }
        catch (SocketException fault)
        {
            throw new BrokenChannelException("the server has gone", fault);
        }
    }

    private void Send(CarrierWord word, ReadOnlySpan<byte> octets)
    {
        var frame = new byte[CarrierFrame.HeadBytes + octets.Length];
        new CarrierFrame(word, octets.Length).Write(frame);
        octets.CopyTo(frame.AsSpan(CarrierFrame.HeadBytes));
        try
        {
            for (ReadOnlySpan<byte> rest = frame; !rest.IsEmpty;) rest = rest[socket.Send(rest)..];
        }
        catch (SocketException fault)
        {
            throw new BrokenChannelException("the server has gone", fault);
        }
    }

    /// <summary>A message, which comes when it is asked for.</summary>
    private sealed class CarriedMessage(CarrierChannel channel)
    {
        private bool _isComing;

        public bool IsGivenUp { get; private set; }

        public void Invite()
        {
            channel.Send(CarrierWord.Go, []);
            channel.Patience = MessagePatience;
            _isComing = true;
        }

        /// <returns>False: it is whole, or given up.</returns>
        /// <exception cref="BrokenChannelException">Something else comes, or nothing more.</exception>
        public bool TryRead(out ReadOnlySpan<byte> octets)
        {
            var (word, received) = channel.Receive();
            octets = received.Span;
            if (word is CarrierWord.Chunk) return true;
            if (word is not (CarrierWord.End or CarrierWord.GiveUp)) throw new BrokenChannelException("a message does not go on so");
            _isComing = false;
            channel.Patience = Timeout.InfiniteTimeSpan;
            IsGivenUp = word is CarrierWord.GiveUp;
            return false;
        }

        /// <summary>Reads what is still to come of a message that is not kept.</summary>
        /// <returns>Whether an outcome is awaited.</returns>
        public bool Drain()
        {
            while (_isComing && TryRead(out _))
            {
            }

            return !IsGivenUp;
        }
    }
}
