//! All use cases, wired to the ports.

use std::sync::Arc;

use domain::port::bus::Heard;

use crate::account::{
    Authenticate, ChangePassword, CheckSessions, EndSession, EraseAccount, ListSessions, LogIn,
    LogOut, LogOutEverywhere, Refresh, Register, ResetPassword, Vouching,
};
use crate::live::{Attendance, Feed, Retell, RoomPresence, Subscribe, Typing, Visits};
use crate::media::{PutAvatar, ReadMedia, UploadMedia};
use crate::messages::{
    DeleteMessage, EditMessage, MoveCursors, Pin, PostMessage, React, ReadHistory, ReadMessage,
    ReadNumbered, ReadReceipts, ReadReplies, SearchMessages, Standings,
};
use crate::operations::{Administration, AdmitRequest, CheckHealth, PublicKeys};
use crate::people::{Block, ChangeProfile, OnlinePeople, ReadPeople, SearchPeople};
use crate::present::{Everyone, Names};
use crate::push::PushDesk;
use crate::rooms::{
    Bans, BrowseRooms, ChangeMember, CreateRoom, DeleteRoom, EditRoom, InviteDesk, JoinRoom,
    LeaveRoom, ListMembers, MyRooms, ReadChanges, ReadRoom, RemoveMember, SetNotifications,
    StartChat,
};
use crate::summaries::Summarise;
use crate::webhooks::WebhookDesk;
use crate::{Policy, Ports};

/// Every use case, one per field.
#[expect(missing_docs, reason = "each field is the use case of its name")]
pub struct UseCases {
    pub authenticate: Authenticate,
    pub change_password: ChangePassword,
    pub check_sessions: CheckSessions,
    pub end_session: EndSession,
    pub erase_account: EraseAccount,
    pub list_sessions: ListSessions,
    pub log_in: LogIn,
    pub log_out: LogOut,
    pub log_out_everywhere: LogOutEverywhere,
    pub refresh: Refresh,
    pub register: Register,
    pub reset_password: ResetPassword,
    pub vouching: Vouching,

    pub block: Block,
    pub change_profile: Arc<ChangeProfile>,
    pub online_people: OnlinePeople,
    pub read_people: ReadPeople,
    pub search_people: SearchPeople,

    pub bans: Bans,
    pub browse_rooms: BrowseRooms,
    pub change_member: ChangeMember,
    pub create_room: CreateRoom,
    pub delete_room: DeleteRoom,
    pub edit_room: EditRoom,
    pub invites: InviteDesk,
    pub join_room: JoinRoom,
    pub leave_room: LeaveRoom,
    pub list_members: ListMembers,
    pub my_rooms: MyRooms,
    pub read_changes: ReadChanges,
    pub read_room: ReadRoom,
    pub remove_member: RemoveMember,
    pub set_notifications: SetNotifications,
    pub start_chat: StartChat,

    pub delete_message: DeleteMessage,
    pub edit_message: EditMessage,
    pub move_cursors: MoveCursors,
    pub pin: Pin,
    pub post_message: PostMessage,
    pub react: React,
    pub read_history: ReadHistory,
    pub read_message: ReadMessage,
    pub read_numbered: ReadNumbered,
    pub read_receipts: ReadReceipts,
    pub read_replies: ReadReplies,
    pub search_messages: SearchMessages,

    pub summarise: Summarise,

    pub put_avatar: PutAvatar,
    pub read_media: ReadMedia,
    pub upload_media: Arc<UploadMedia>,

    pub attendance: Attendance,
    pub feed: Feed,
    pub retell: Retell,
    pub room_presence: RoomPresence,
    pub subscribe: Subscribe,
    pub typing: Typing,
    pub visits: Arc<Visits>,

    pub push: PushDesk,
    pub webhooks: WebhookDesk,

    pub administration: Administration,
    pub admit_request: AdmitRequest,
    pub check_health: CheckHealth,
    pub public_keys: PublicKeys,

    standings: Arc<Standings>,
    names: Arc<Names>,
}

impl UseCases {
    /// Wires every use case to these ports.
    #[expect(
        clippy::too_many_lines,
        reason = "it is one line per use case, and nothing more"
    )]
    pub fn new(ports: &Ports, policy: &Policy) -> Self {
        let standings = Arc::new(Standings::new(ports));
        let names = Arc::new(Names::new(ports));
        let everyone = Everyone::new(ports, &names);
        let visits = Arc::new(Visits::new(ports));
        let change_profile = Arc::new(ChangeProfile::new(ports, &standings, &names));
        let upload_media = Arc::new(UploadMedia::new(ports, policy));
        Self {
            authenticate: Authenticate::new(ports),
            change_password: ChangePassword::new(ports, policy),
            check_sessions: CheckSessions::new(ports),
            end_session: EndSession::new(ports),
            erase_account: EraseAccount::new(ports, &standings, &names, policy),
            list_sessions: ListSessions::new(ports),
            log_in: LogIn::new(ports, policy),
            log_out: LogOut::new(ports),
            log_out_everywhere: LogOutEverywhere::new(ports),
            refresh: Refresh::new(ports, policy),
            register: Register::new(ports, policy),
            reset_password: ResetPassword::new(ports),
            vouching: Vouching::new(ports, policy),

            block: Block::new(ports),
            change_profile: Arc::clone(&change_profile),
            online_people: OnlinePeople::new(ports),
            read_people: ReadPeople::new(ports),
            search_people: SearchPeople::new(ports),

            bans: Bans::new(ports, &standings),
            browse_rooms: BrowseRooms::new(ports),
            change_member: ChangeMember::new(ports, &standings),
            create_room: CreateRoom::new(ports, &standings),
            delete_room: DeleteRoom::new(ports, &standings),
            edit_room: EditRoom::new(ports, &standings),
            invites: InviteDesk::new(ports, &standings),
            join_room: JoinRoom::new(ports, &standings),
            leave_room: LeaveRoom::new(ports, &standings),
            list_members: ListMembers::new(ports),
            my_rooms: MyRooms::new(ports),
            read_changes: ReadChanges::new(ports),
            read_room: ReadRoom::new(ports),
            remove_member: RemoveMember::new(ports, &standings),
            set_notifications: SetNotifications::new(ports),
            start_chat: StartChat::new(ports, &standings),

            delete_message: DeleteMessage::new(ports),
            edit_message: EditMessage::new(ports),
            move_cursors: MoveCursors::new(ports, &standings),
            pin: Pin::new(ports),
            post_message: PostMessage::new(ports, &standings, policy),
            react: React::new(ports),
            read_history: ReadHistory::new(ports),
            read_message: ReadMessage::new(ports),
            read_numbered: ReadNumbered::new(ports),
            read_receipts: ReadReceipts::new(ports),
            read_replies: ReadReplies::new(ports),
            search_messages: SearchMessages::new(ports),

            summarise: Summarise::new(ports, &names, policy),

            put_avatar: PutAvatar::new(&upload_media, &change_profile),
            read_media: ReadMedia::new(ports),
            upload_media,

            attendance: Attendance::new(ports, &visits),
            feed: Feed::new(ports, &everyone),
            retell: Retell::new(ports, &names),
            room_presence: RoomPresence::new(ports),
            subscribe: Subscribe::new(ports, &everyone),
            typing: Typing::new(ports, &standings),
            visits,

            push: PushDesk::new(ports),
            webhooks: WebhookDesk::new(ports, &everyone),

            administration: Administration::new(policy),
            admit_request: AdmitRequest::new(ports, policy),
            check_health: CheckHealth::new(ports),
            public_keys: PublicKeys::new(ports),

            standings,
            names,
        }
    }

    /// Invalidates cached data that changed on another node.
    pub fn hear(&self, heard: &Heard) {
        self.standings.hear(heard);
        self.names.hear(heard);
        self.visits.hear(heard);
    }
}
